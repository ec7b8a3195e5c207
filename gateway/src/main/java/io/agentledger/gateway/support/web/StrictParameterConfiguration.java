package io.agentledger.gateway.support.web;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.core.convert.ConversionService;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Registers the {@link StrictParameterHandlerMapping} in place of Spring's own. */
@Component
final class StrictParameterConfiguration implements WebFluxRegistrations {
  private final ObjectProvider<ConversionService> conversionService;

  StrictParameterConfiguration(
      @Qualifier("webFluxConversionService") ObjectProvider<ConversionService> conversionService) {
    this.conversionService = conversionService;
  }

  @Override
  public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
    return new StrictParameterHandlerMapping(
        new QueryParameterChecker(conversionService::getObject));
  }
}
