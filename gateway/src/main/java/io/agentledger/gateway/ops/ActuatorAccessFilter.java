package io.agentledger.gateway.ops;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.security.RouteMatcher;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Restricts {@code /actuator} to operators; an API key needs {@code ops:read}, too. Liveness and
 * readiness are public.
 */
@Component
@Order(ActuatorAccessFilter.AFTER_AUTHENTICATION)
final class ActuatorAccessFilter implements WebFilter {
  static final int AFTER_AUTHENTICATION = 0;

  private static final RouteMatcher PATHS = RouteMatcher.of("/actuator", "/actuator/**");
  private static final RouteMatcher PUBLIC_PATHS = RouteMatcher.of("/actuator/health/*");

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return PATHS.isMatch(exchange) && !PUBLIC_PATHS.isMatch(exchange)
        ? requireOperator().flatMap(caller -> chain.filter(exchange))
        : chain.filter(exchange);
  }

  private static Mono<Caller> requireOperator() {
    return ReactiveSecurityContextHolder.getContext()
        .flatMap(context -> Mono.justOrEmpty(context.getAuthentication()))
        .flatMap(authentication -> Mono.justOrEmpty(authentication.getPrincipal()))
        .ofType(Caller.class)
        .filter(caller -> caller.has(Scope.OPS_READ))
        .switchIfEmpty(
            Mono.error(() -> new RejectionException(InsufficientScope.anyOf(Scope.OPS_READ))));
  }
}
