package io.agentledger.gateway.support.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.web.reactive.config.ResourceHandlerRegistry;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** Serves Swagger UI from its jar, with an own {@code swagger-initializer.js}. */
@Configuration(proxyBeanMethods = false)
class SwaggerUiConfiguration implements WebFluxConfigurer {
  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler("/swagger-ui/**")
        .addResourceLocations(
            "classpath:/swagger-ui/",
            "classpath:/META-INF/resources/webjars/swagger-ui/" + version() + "/");
  }

  private static String version() {
    try {
      Properties properties =
          PropertiesLoaderUtils.loadProperties(
              new ClassPathResource("META-INF/maven/org.webjars/swagger-ui/pom.properties"));
      return properties.getProperty("version");
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }
}
