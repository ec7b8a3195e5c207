package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.gateway.support.RequestIds;
import io.agentledger.gateway.support.Visit;
import org.springframework.core.MethodParameter;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The one place where a request's caller is bound: handlers name a {@link Visit} and have it. */
@Component
public final class Visits implements HandlerMethodArgumentResolver {
  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Visit.class;
  }

  @Override
  public Mono<Object> resolveArgument(
      MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
    return caller().map(caller -> new Visit(caller, RequestIds.of(exchange)));
  }

  /** Who stands behind the current reactive context, on any door. */
  static Mono<Caller> caller() {
    return ReactiveSecurityContextHolder.getContext()
        .map(SecurityContext::getAuthentication)
        .map(authentication -> (Caller) authentication.getPrincipal())
        .switchIfEmpty(
            Mono.error(() -> new AuthenticationCredentialsNotFoundException("no caller")));
  }
}
