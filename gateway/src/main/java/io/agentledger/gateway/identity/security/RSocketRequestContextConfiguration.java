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
  RSocketMessageHandlerCustomizer requestContextResolverCustomizer() {
    return handler ->
        handler.getArgumentResolverConfigurer().addCustomResolver(new RequestContextResolver());
  }

  private static final class RequestContextResolver implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == RequestContext.class;
    }

    @Override
    public Mono<Object> resolveArgument(MethodParameter parameter, Message<?> message) {
      return RequestContextArgumentResolver.requireAuthentication()
          .zipWith(RSocketAuthenticationInterceptor.requestMetadata())
          .map(
              tuple -> RequestContextArgumentResolver.requestContext(tuple.getT1(), tuple.getT2()));
    }
  }
}
