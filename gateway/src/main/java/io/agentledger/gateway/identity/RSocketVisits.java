package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.Visit;
import org.springframework.boot.rsocket.autoconfigure.RSocketMessageHandlerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.reactive.HandlerMethodArgumentResolver;
import reactor.core.publisher.Mono;

/** Binds the caller of a request on RSocket, as {@link Visits} does on HTTP. */
@Configuration(proxyBeanMethods = false)
class RSocketVisits {
  @Bean
  RSocketMessageHandlerCustomizer visitsOnRSocket() {
    return handler -> handler.getArgumentResolverConfigurer().addCustomResolver(new Resolver());
  }

  private static final class Resolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == Visit.class;
    }

    @Override
    public Mono<Object> resolveArgument(MethodParameter parameter, Message<?> message) {
      return Visits.caller()
          .zipWith(RSocketGuard.knock())
          .map(found -> Visits.visit(found.getT1(), found.getT2()));
    }
  }
}
