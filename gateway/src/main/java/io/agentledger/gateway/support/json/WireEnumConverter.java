package io.agentledger.gateway.support.json;

import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;
import org.springframework.format.FormatterRegistry;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Converts constants in paths and query strings by their JSON names. */
@Component
final class WireEnumConverter implements WebFluxConfigurer {
  @Override
  public void addFormatters(FormatterRegistry registry) {
    registry.addConverterFactory(new WireEnumConverterFactory());
  }

  @SuppressWarnings("rawtypes") // The framework requests a converter for each enum type.
  private static final class WireEnumConverterFactory implements ConverterFactory<String, Enum> {
    @Override
    public <T extends Enum> Converter<String, T> getConverter(Class<T> type) {
      return name -> type.cast(find(type, name));
    }

    private static Enum<?> find(Class<?> type, String name) {
      return WireNames.findConstant((Enum<?>[]) type.getEnumConstants(), name);
    }
  }
}
