package io.agentledger.gateway.quota;

import io.agentledger.api.quota.Allowance;
import io.agentledger.api.quota.Allowance.Policy;
import io.agentledger.gateway.support.Calls;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Counts each request on HTTP once it is known whose it is, and says on every answer what is left,
 * in the fields {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers. Behind Spring Security, whose order is -100: whom that let
 * in without knowing them, on routes that are open to all, is a stranger whatever they brought.
 */
@Component
@Order(0)
final class CountedCalls implements WebFilter {
  static final String POLICY = "RateLimit-Policy";
  static final String LEFT = "RateLimit";

  private final Calls calls;
  private final StrangersCalls strangers;

  CountedCalls(Calls calls, StrangersCalls strangers) {
    this.calls = calls;
    this.strangers = strangers;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return Calls.caller()
        .flatMap(calls::take)
        .switchIfEmpty(Mono.defer(() -> strangers.count(exchange).thenReturn(Allowance.UNCOUNTED)))
        .flatMap(allowance -> goOn(exchange, chain, allowance));
  }

  private static Mono<Void> goOn(
      ServerWebExchange exchange, WebFilterChain chain, Allowance allowance) {
    say(exchange.getResponse().getHeaders(), allowance);
    return allowance
        .refusal()
        .<Mono<Void>>map(refusal -> Mono.error(Calls.refused(refusal)))
        .orElseGet(() -> chain.filter(exchange));
  }

  static void say(HttpHeaders headers, Allowance allowance) {
    if (allowance.policies().isEmpty()) return;
    headers.set(POLICY, listed(allowance, CountedCalls::policy));
    headers.set(LEFT, listed(allowance, CountedCalls::left));
  }

  private static String listed(Allowance allowance, Function<Policy, String> item) {
    return allowance.policies().stream().map(item).collect(Collectors.joining(", "));
  }

  private static String policy(Policy policy) {
    return "\"%s\";q=%d;w=%d".formatted(policy.name(), policy.quota(), policy.window().toSeconds());
  }

  private static String left(Policy policy) {
    return "\"%s\";r=%d;t=%d"
        .formatted(policy.name(), policy.remaining(), roundedUp(policy.reset()));
  }

  private static long roundedUp(Duration duration) {
    return Math.ceilDiv(duration.toMillis(), 1000);
  }
}
