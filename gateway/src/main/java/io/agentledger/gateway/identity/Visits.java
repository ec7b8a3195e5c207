package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Caller;
import io.agentledger.gateway.support.Refusals;
import io.agentledger.gateway.support.RequestIds;
import io.agentledger.gateway.support.Visit;
import org.springframework.core.MethodParameter;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.BindingContext;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.HandlerMethodArgumentResolver;
import org.springframework.web.reactive.result.method.annotation.ArgumentResolverConfigurer;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The one place where a request's caller is bound: handlers name a {@link Visit} and have it. */
@Component
final class Visits implements HandlerMethodArgumentResolver, WebFluxConfigurer {
  @Override
  public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
    configurer.addCustomResolver(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Visit.class;
  }

  @Override
  public Mono<Object> resolveArgument(
      MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
    return caller()
        .map(
            caller -> {
              var source = Sources.of(exchange.getRequest());
              var visit = new Visit(caller, RequestIds.of(exchange), source);
              exchange.getAttributes().put(Refusals.VISIT, visit);
              return visit;
            });
  }

  /** Who stands behind the current reactive context, on any door. */
  static Mono<Caller> caller() {
    return ReactiveSecurityContextHolder.getContext()
        .flatMap(context -> Mono.justOrEmpty(context.getAuthentication()))
        .ofType(CallerToken.class)
        .map(CallerToken::getPrincipal)
        .switchIfEmpty(
            Mono.error(() -> new AuthenticationCredentialsNotFoundException("no caller")));
  }
}
