package io.agentledger.gateway.quota;

import io.agentledger.api.quota.RateLimiter;
import java.net.InetAddress;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Counts anonymous requests by their address: those without a credential at once, and those with an
 * invalid one after authentication, see {@link RateLimitFilter}. An invalid credential costs a hash
 * and is rejected by authentication. Health probes are never counted, because they must always get
 * the real status; of webhooks, only those that are refused are counted, by their controller.
 */
@Component
@Order(-200)
final class AnonymousRateLimitFilter implements WebFilter {
  private static final String API_KEY = "X-API-Key";
  private static final String HEALTH = "/actuator/health";
  private static final String WEBHOOKS = "/webhooks/";
  private static final String COUNTED_ATTRIBUTE = AnonymousRateLimitFilter.class.getName();

  private final RateLimiter rateLimiter;

  AnonymousRateLimitFilter(RateLimiter rateLimiter) {
    this.rateLimiter = rateLimiter;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return hasCredential(exchange.getRequest().getHeaders())
        ? chain.filter(exchange)
        : acquireOrReject(exchange).then(Mono.defer(() -> chain.filter(exchange)));
  }

  private static boolean hasCredential(HttpHeaders headers) {
    return headers.containsHeader(HttpHeaders.AUTHORIZATION)
        || headers.containsHeader(API_KEY)
        || headers.containsHeader(HttpHeaders.COOKIE);
  }

  /** Fails when the address has exceeded its limit; a request is counted once. */
  Mono<Void> acquireOrReject(ServerWebExchange exchange) {
    boolean isAllowed =
        exchange.getRequest().getPath().value().startsWith(HEALTH)
            || exchange.getRequest().getPath().value().startsWith(WEBHOOKS)
            || exchange.getAttributes().putIfAbsent(COUNTED_ATTRIBUTE, true) != null
            || rateLimiter.tryAcquireAnonymous(clientAddress(exchange));
    return isAllowed ? Mono.empty() : Mono.error(rateLimiter.anonymousLimitReached());
  }

  private static String clientAddress(ServerWebExchange exchange) {
    var remoteAddress = exchange.getRequest().getRemoteAddress();
    InetAddress address = remoteAddress == null ? null : remoteAddress.getAddress();
    return address == null ? "" : address.getHostAddress();
  }
}
