package io.agentledger.gateway.quota;

import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimitDecision.Limit;
import io.agentledger.gateway.support.security.CallRateLimiter;
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
final class RateLimitFilter implements WebFilter {
  static final String POLICY = "RateLimit-Policy";
  static final String LEFT = "RateLimit";

  private final CallRateLimiter calls;
  private final AnonymousRateLimitFilter strangers;

  RateLimitFilter(CallRateLimiter calls, AnonymousRateLimitFilter strangers) {
    this.calls = calls;
    this.strangers = strangers;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return CallRateLimiter.caller()
        .flatMap(calls::take)
        .switchIfEmpty(
            Mono.defer(() -> strangers.count(exchange).thenReturn(RateLimitDecision.UNCOUNTED)))
        .flatMap(allowance -> goOn(exchange, chain, allowance));
  }

  private static Mono<Void> goOn(
      ServerWebExchange exchange, WebFilterChain chain, RateLimitDecision allowance) {
    say(exchange.getResponse().getHeaders(), allowance);
    return allowance
        .refusal()
        .<Mono<Void>>map(refusal -> Mono.error(CallRateLimiter.refused(refusal)))
        .orElseGet(() -> chain.filter(exchange));
  }

  static void say(HttpHeaders headers, RateLimitDecision allowance) {
    if (allowance.policies().isEmpty()) return;
    headers.set(POLICY, listed(allowance, RateLimitFilter::policy));
    headers.set(LEFT, listed(allowance, RateLimitFilter::left));
  }

  private static String listed(RateLimitDecision allowance, Function<Limit, String> item) {
    return allowance.policies().stream().map(item).collect(Collectors.joining(", "));
  }

  private static String policy(Limit policy) {
    return "\"%s\";q=%d;w=%d".formatted(policy.name(), policy.quota(), policy.window().toSeconds());
  }

  private static String left(Limit policy) {
    return "\"%s\";r=%d;t=%d"
        .formatted(policy.name(), policy.remaining(), roundedUp(policy.reset()));
  }

  private static long roundedUp(Duration duration) {
    return Math.ceilDiv(duration.toMillis(), 1000);
  }
}
