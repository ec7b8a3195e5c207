package io.agentledger.gateway.quota;

import io.agentledger.api.quota.CallLimits;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.LimitReached;
import java.net.InetAddress;
import java.time.Duration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Counts requests that bring no credential, by the address that they come from. A wrong credential
 * costs a hash and is refused by who checks it. Probes of the service's health are never counted:
 * who asks for those must not be told anything else.
 */
@Component
@Order(-200)
final class StrangersCalls implements WebFilter {
  private static final String API_KEY = "X-API-Key";
  private static final String HEALTH = "/actuator/health";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final CallLimits limits;

  StrangersCalls(CallLimits limits) {
    this.limits = limits;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    var headers = request.getHeaders();
    boolean known =
        headers.containsHeader(HttpHeaders.AUTHORIZATION)
            || headers.containsHeader(API_KEY)
            || headers.containsHeader(HttpHeaders.COOKIE);
    if (known || request.getPath().value().startsWith(HEALTH) || limits.takeUnknown(from(exchange)))
      return chain.filter(exchange);
    return Mono.error(new Rejected(new LimitReached("calls_of_strangers", 0, RETRY_AFTER)));
  }

  private static String from(ServerWebExchange exchange) {
    var peer = exchange.getRequest().getRemoteAddress();
    InetAddress address = peer == null ? null : peer.getAddress();
    return address == null ? "" : address.getHostAddress();
  }
}
