package io.agentledger.gateway.support;

import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * On loopback only loopback's names are served: a page elsewhere whose name was pointed at this
 * machine (DNS rebinding) gets nothing.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public final class KnownHosts implements WebFilter {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ProblemHandler problems;
  private final boolean loopback;

  KnownHosts(ProblemHandler problems, ServerProperties server) {
    this.problems = problems;
    this.loopback = isLoopback(server.getAddress());
  }

  private static boolean isLoopback(@Nullable InetAddress address) {
    return address != null && address.isLoopbackAddress();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var headers = exchange.getRequest().getHeaders();
    if (serves(headers.getFirst("Host"), headers.getOrigin())) return chain.filter(exchange);
    var problem =
        Problem.of(
            HttpStatus.MISDIRECTED_REQUEST,
            "host_not_served",
            "This service answers to localhost and 127.0.0.1 only.");
    return problems.write(exchange, problem.in(RequestIds.of(exchange)));
  }

  /** Whether a request with this Host, made by a page of this Origin (null: no page), is served. */
  public boolean serves(@Nullable String host, @Nullable String origin) {
    if (!loopback) return true;
    return host != null
        && LOOPBACK.contains(withoutPort(host))
        && (origin == null
            || LOOPBACK.contains(withoutPort(origin.replaceFirst("^https?://", ""))));
  }

  private static String withoutPort(String host) {
    return host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(java.util.Locale.ROOT);
  }
}
