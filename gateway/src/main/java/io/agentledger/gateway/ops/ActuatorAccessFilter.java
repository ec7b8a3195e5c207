package io.agentledger.gateway.ops;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.web.server.util.matcher.AndServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
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

  private static final ServerWebExchangeMatcher PROTECTED_PATHS =
      new AndServerWebExchangeMatcher(
          ServerWebExchangeMatchers.pathMatchers("/actuator", "/actuator/**"),
          new NegatedServerWebExchangeMatcher(
              ServerWebExchangeMatchers.pathMatchers("/actuator/health/*")));

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return PROTECTED_PATHS
        .matches(exchange)
        .flatMap(
            match ->
                match.isMatch()
                    ? requireOperator().flatMap(caller -> chain.filter(exchange))
                    : chain.filter(exchange));
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
