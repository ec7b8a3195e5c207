package io.agentledger.gateway.support.web;

import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Registers the {@link StrictParameterHandlerMapping} in place of Spring's own. */
@Component
final class StrictParameterConfiguration implements WebFluxRegistrations {
  @Override
  public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
    return new StrictParameterHandlerMapping();
  }
}
