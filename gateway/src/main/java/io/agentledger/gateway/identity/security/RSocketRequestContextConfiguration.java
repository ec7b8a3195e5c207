package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.web.RequestContext;
import org.springframework.boot.rsocket.autoconfigure.RSocketMessageHandlerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.reactive.HandlerMethodArgumentResolver;
import reactor.core.publisher.Mono;

/**
 * Binds the caller of a request on RSocket, as {@link RequestContextArgumentResolver} does on HTTP.
 */
@Configuration(proxyBeanMethods = false)
class RSocketRequestContextConfiguration {
  @Bean
  RSocketMessageHandlerCustomizer visitsOnRSocket() {
    return handler -> handler.getArgumentResolverConfigurer().addCustomResolver(new Resolver());
  }

  private static final class Resolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == RequestContext.class;
    }

    @Override
    public Mono<Object> resolveArgument(MethodParameter parameter, Message<?> message) {
      return RequestContextArgumentResolver.caller()
          .zipWith(RSocketAuthenticationInterceptor.requestMetadata())
          .map(
              found -> RequestContextArgumentResolver.requestContext(found.getT1(), found.getT2()));
    }
  }
}
