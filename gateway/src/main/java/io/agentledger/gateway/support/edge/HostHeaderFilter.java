package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemExceptionHandler;
import io.agentledger.gateway.support.web.RequestIdFilter;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
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
 * Accepts only loopback's host names on loopback, and those that the operator allowed. This
 * protects against DNS rebinding: pages whose name was pointed at this machine.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public final class HostHeaderFilter implements WebFilter {
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ProblemExceptionHandler problemHandler;
  private final EdgeProperties edgeProperties;
  private final boolean loopback;

  HostHeaderFilter(
      ProblemExceptionHandler problemHandler,
      ServerProperties server,
      EdgeProperties edgeProperties) {
    this.problemHandler = problemHandler;
    this.edgeProperties = edgeProperties;
    this.loopback = isLoopback(server.getAddress());
  }

  private static boolean isLoopback(@Nullable InetAddress address) {
    return address != null && address.isLoopbackAddress();
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (isServedHost(exchange.getRequest().getHeaders().getFirst("Host")))
      return chain.filter(exchange);
    var problem =
        Problem.create(
            HttpStatus.MISDIRECTED_REQUEST,
            "host_not_served",
            "This service answers to localhost and 127.0.0.1 only.");
    return problemHandler.write(
        exchange, problem.withRequestId(RequestIdFilter.requestId(exchange)));
  }

  private boolean isServedHost(@Nullable String host) {
    if (!loopback) return true;
    if (host == null) return false;
    var name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(name) || edgeProperties.allowedHosts().contains(name);
  }

  /**
   * Returns whether a handshake with this Host and Origin (null: not from a page) is accepted. For
   * servers without HTTP filters.
   */
  public boolean isServedHandshake(@Nullable String host, @Nullable String origin) {
    return isServedHost(host) && (origin == null || isServedOrigin(host, origin));
  }

  private boolean isServedOrigin(@Nullable String host, String origin) {
    if (!WebOrigin.isValid(origin)) return false;
    var pageOrigin = WebOrigin.of(origin).toString();
    return edgeProperties.allowedOrigins().contains(pageOrigin)
        || pageOrigin.replaceFirst("^https?://", "").equalsIgnoreCase(host);
  }
}
