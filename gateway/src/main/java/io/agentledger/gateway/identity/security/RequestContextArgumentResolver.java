package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.problem.DeniedRequestRecorder;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestIdFilter;
import io.agentledger.gateway.support.web.RequestMetadata;
import java.util.Optional;
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

/**
 * The one place where a request's caller is bound: handlers name a {@link RequestContext} and have
 * it, or a {@link RequestMetadata} where nobody need be known.
 */
@Component
public final class RequestContextArgumentResolver
    implements HandlerMethodArgumentResolver, WebFluxConfigurer {
  @Override
  public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
    configurer.addCustomResolver(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == RequestContext.class
        || parameter.getParameterType() == RequestMetadata.class;
  }

  @Override
  public Mono<Object> resolveArgument(
      MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
    var knock = knock(exchange);
    if (parameter.getParameterType() == RequestMetadata.class) return Mono.just(knock);
    return caller()
        .map(
            caller -> {
              var visit = visit(caller, knock);
              exchange.getAttributes().put(DeniedRequestRecorder.VISIT, visit);
              return visit;
            });
  }

  static RequestMetadata knock(ServerWebExchange exchange) {
    return new RequestMetadata(
        RequestIdFilter.of(exchange), RequestSourceResolver.of(exchange.getRequest()));
  }

  /** The visit of whoever knocks, if they are known; on routes that are open to all. */
  public static Mono<Optional<RequestContext>> of(RequestMetadata knock) {
    return known()
        .map(caller -> Optional.of(visit(caller, knock)))
        .defaultIfEmpty(Optional.empty());
  }

  static RequestContext visit(CallerAuthentication caller, RequestMetadata knock) {
    return new RequestContext(
        caller.getPrincipal(), knock.requestId(), knock.source(), caller.means());
  }

  /** Who stands behind the current reactive context, on any door. */
  static Mono<CallerAuthentication> caller() {
    return known()
        .switchIfEmpty(
            Mono.error(() -> new AuthenticationCredentialsNotFoundException("no caller")));
  }

  private static Mono<CallerAuthentication> known() {
    return ReactiveSecurityContextHolder.getContext()
        .flatMap(context -> Mono.justOrEmpty(context.getAuthentication()))
        .ofType(CallerAuthentication.class);
  }
}
