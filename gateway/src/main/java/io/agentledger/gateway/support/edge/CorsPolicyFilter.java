package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemExceptionHandler;
import io.agentledger.gateway.support.web.RequestIdFilter;
import java.time.Duration;
import java.util.List;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Rejects requests from pages of other origins, unless the operator allowed the origin; then they
 * may send cookies and read responses. Runs before authentication, so that preflight requests are
 * answered. The handshake of a WebSocket, for which browsers send no preflight request, is checked
 * by the same list.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
public final class CorsPolicyFilter implements WebFilter {
  /** Attribute of a request whose origin another filter has accepted. */
  public static final String CHECKED_ATTRIBUTE = CorsPolicyFilter.class.getName();

  private static final Duration PREFLIGHT_MAX_AGE = Duration.ofMinutes(30);

  private final CorsConfiguration allowed = new CorsConfiguration();
  private final SilentCorsProcessor processor = new SilentCorsProcessor();
  private final ProblemExceptionHandler problemHandler;

  CorsPolicyFilter(EdgeProperties edgeProperties, ProblemExceptionHandler problemHandler) {
    this.problemHandler = problemHandler;
    allowed.setAllowedOrigins(edgeProperties.allowedOrigins());
    allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    allowed.setAllowedHeaders(
        List.of(
            "Authorization",
            "X-API-Key",
            "Content-Type",
            "Accept",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Last-Event-ID",
            "X-Request-ID",
            "traceparent"));
    allowed.setExposedHeaders(
        List.of(
            "Location", "ETag", "Retry-After", "X-Request-ID", "RateLimit", "RateLimit-Policy"));
    allowed.setAllowCredentials(true);
    allowed.setMaxAge(PREFLIGHT_MAX_AGE);
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (exchange.getAttribute(CHECKED_ATTRIBUTE) != null) return chain.filter(exchange);
    var request = exchange.getRequest();
    var origin = request.getHeaders().getOrigin();
    if (origin != null && !WebOrigin.isValid(origin) || !processor.process(allowed, exchange))
      return reject(exchange);
    return CorsUtils.isPreFlightRequest(request)
        ? exchange.getResponse().setComplete()
        : chain.filter(exchange);
  }

  /** Responds that pages of the origin may not send the request. */
  public Mono<Void> reject(ServerWebExchange exchange) {
    return problemHandler.write(
        exchange,
        Problem.create(
                HttpStatus.FORBIDDEN,
                "origin_not_allowed",
                "Pages of this origin may not call this service.")
            .withRequestId(RequestIdFilter.requestId(exchange)));
  }

  /** Leaves the response of a rejection to the filter. */
  private static final class SilentCorsProcessor extends DefaultCorsProcessor {
    @Override
    protected void rejectRequest(ServerHttpResponse response) {
      // The filter sends the response.
    }
  }
}
