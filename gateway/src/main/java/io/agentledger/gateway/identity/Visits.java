package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.Knock;
import io.agentledger.gateway.support.Refusals;
import io.agentledger.gateway.support.RequestIds;
import io.agentledger.gateway.support.Visit;
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
 * The one place where a request's caller is bound: handlers name a {@link Visit} and have it, or a
 * {@link Knock} where nobody need be known.
 */
@Component
public final class Visits implements HandlerMethodArgumentResolver, WebFluxConfigurer {
  @Override
  public void configureArgumentResolvers(ArgumentResolverConfigurer configurer) {
    configurer.addCustomResolver(this);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Visit.class
        || parameter.getParameterType() == Knock.class;
  }

  @Override
  public Mono<Object> resolveArgument(
      MethodParameter parameter, BindingContext binding, ServerWebExchange exchange) {
    var knock = knock(exchange);
    if (parameter.getParameterType() == Knock.class) return Mono.just(knock);
    return caller()
        .map(
            caller -> {
              var visit = visit(caller, knock);
              exchange.getAttributes().put(Refusals.VISIT, visit);
              return visit;
            });
  }

  static Knock knock(ServerWebExchange exchange) {
    return new Knock(RequestIds.of(exchange), Sources.of(exchange.getRequest()));
  }

  /** The visit of whoever knocks, if they are known; on routes that are open to all. */
  public static Mono<Optional<Visit>> of(Knock knock) {
    return known()
        .map(caller -> Optional.of(visit(caller, knock)))
        .defaultIfEmpty(Optional.empty());
  }

  static Visit visit(CallerToken caller, Knock knock) {
    return new Visit(caller.getPrincipal(), knock.requestId(), knock.source(), caller.means());
  }

  /** Who stands behind the current reactive context, on any door. */
  static Mono<CallerToken> caller() {
    return known()
        .switchIfEmpty(
            Mono.error(() -> new AuthenticationCredentialsNotFoundException("no caller")));
  }

  private static Mono<CallerToken> known() {
    return ReactiveSecurityContextHolder.getContext()
        .flatMap(context -> Mono.justOrEmpty(context.getAuthentication()))
        .ofType(CallerToken.class);
  }
}
