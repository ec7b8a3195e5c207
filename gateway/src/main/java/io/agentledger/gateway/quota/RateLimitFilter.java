package io.agentledger.gateway.quota;

import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimitDecision.Limit;
import io.agentledger.gateway.support.security.CallRateLimiter;
import java.time.Duration;
import java.util.StringJoiner;
import java.util.function.Function;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Counts each HTTP request of an authenticated caller and reports the remaining allowance in the
 * header fields {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers. Runs after Spring Security, whose order is -100: a request
 * that passed it unauthenticated, on a public route, counts as anonymous.
 */
@Component
@Order(0)
final class RateLimitFilter implements WebFilter {
  static final String POLICY_HEADER = "RateLimit-Policy";
  static final String REMAINING_HEADER = "RateLimit";

  private final CallRateLimiter rateLimiter;
  private final AnonymousRateLimitFilter anonymousRateLimitFilter;

  RateLimitFilter(CallRateLimiter rateLimiter, AnonymousRateLimitFilter anonymousRateLimitFilter) {
    this.rateLimiter = rateLimiter;
    this.anonymousRateLimitFilter = anonymousRateLimitFilter;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return CallRateLimiter.findCaller()
        .flatMap(rateLimiter::acquire)
        .switchIfEmpty(
            Mono.defer(
                () ->
                    anonymousRateLimitFilter
                        .acquireOrReject(exchange)
                        .thenReturn(RateLimitDecision.UNLIMITED)))
        .flatMap(rateLimitDecision -> proceed(exchange, chain, rateLimitDecision));
  }

  private static Mono<Void> proceed(
      ServerWebExchange exchange, WebFilterChain chain, RateLimitDecision rateLimitDecision) {
    writeHeaders(exchange.getResponse().getHeaders(), rateLimitDecision);
    return rateLimitDecision
        .refusal()
        .<Mono<Void>>map(refusal -> Mono.error(CallRateLimiter.toRejection(refusal)))
        .orElseGet(() -> chain.filter(exchange));
  }

  static void writeHeaders(HttpHeaders headers, RateLimitDecision rateLimitDecision) {
    if (rateLimitDecision.policies().isEmpty()) return;
    headers.set(POLICY_HEADER, joinPolicies(rateLimitDecision, RateLimitFilter::formatPolicy));
    headers.set(
        REMAINING_HEADER, joinPolicies(rateLimitDecision, RateLimitFilter::formatRemaining));
  }

  private static String joinPolicies(
      RateLimitDecision rateLimitDecision, Function<Limit, String> item) {
    var joined = new StringJoiner(", ");
    for (var limit : rateLimitDecision.policies()) joined.add(item.apply(limit));
    return joined.toString();
  }

  private static String formatPolicy(Limit limit) {
    return '"' + limit.name() + "\";q=" + limit.quota() + ";w=" + limit.window().toSeconds();
  }

  private static String formatRemaining(Limit limit) {
    return '"' + limit.name() + "\";r=" + limit.remaining() + ";t=" + ceilSeconds(limit.reset());
  }

  private static long ceilSeconds(Duration duration) {
    return Math.ceilDiv(duration.toMillis(), 1000);
  }
}
