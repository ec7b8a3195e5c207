package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.Ids;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Assigns an id to every request: a valid {@code X-Request-ID} of the client, else the trace id of
 * its W3C {@code traceparent}, else a new one. The id is in the response, in every event that the
 * request causes, and in the log.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class RequestIdFilter implements WebFilter {
  public static final String HEADER = "X-Request-ID";
  private static final String ATTRIBUTE = RequestIdFilter.class.getName();
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");
  private static final Pattern TRACE_PARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*");

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var headers = exchange.getRequest().getHeaders();
    var id = chooseRequestId(headers.getFirst(HEADER), headers.getFirst("traceparent"));
    exchange.getAttributes().put(ATTRIBUTE, id);
    exchange.getResponse().getHeaders().set(HEADER, id);
    return chain.filter(exchange);
  }

  /** Creates the id of a request of another protocol. */
  public static String newRequestId() {
    return Ids.random("req");
  }

  static String chooseRequestId(@Nullable String requested, @Nullable String traceParent) {
    if (requested != null && VALID.matcher(requested).matches()) return requested;
    if (traceParent != null) {
      var trace = TRACE_PARENT.matcher(traceParent);
      if (trace.matches()) return trace.group(1);
    }
    return newRequestId();
  }

  public static String requestId(ServerWebExchange exchange) {
    return exchange.getAttributeOrDefault(ATTRIBUTE, "req_unknown");
  }
}
