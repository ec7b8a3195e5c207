package io.agentledger.gateway.support.edge;

import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemExceptionHandler;
import io.agentledger.gateway.support.web.RequestIdFilter;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Protects against cross-site request forgery, because a browser sends its cookies with requests
 * from every page. A request that changes state or opens a WebSocket with a cookie as its only
 * credential must come from a page of this service, or of an origin that the operator allowed:
 * shown by {@code Sec-Fetch-Site}, which pages cannot set, or by {@code Origin} in older browsers.
 * Requests with a key are exempt, because a page cannot add one to a forged request.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 4)
public final class CookieCsrfFilter implements WebFilter {
  /** Name of the cookie of a browser login. */
  public static final String COOKIE = "__Host-agentledger";

  /** Name of the cookie without TLS: browsers accept the other one over TLS only. */
  public static final String PLAIN_COOKIE = "agentledger";

  private static final Set<HttpMethod> SAFE_METHODS =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final EdgeProperties edgeProperties;
  private final ProblemExceptionHandler problemHandler;

  CookieCsrfFilter(EdgeProperties edgeProperties, ProblemExceptionHandler problemHandler) {
    this.edgeProperties = edgeProperties;
    this.problemHandler = problemHandler;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    if (!isCookieAuthenticated(request) || isSafe(request) || isTrustedOrigin(request))
      return chain.filter(exchange);
    return problemHandler.write(
        exchange,
        Problem.create(
                HttpStatus.FORBIDDEN,
                "cross_site_request",
                "Requests with a login cookie are accepted only from pages of this service and of "
                    + "allowed origins.")
            .withRequestId(RequestIdFilter.requestId(exchange)));
  }

  private static boolean isCookieAuthenticated(ServerHttpRequest request) {
    var headers = request.getHeaders();
    var cookies = request.getCookies();
    return (cookies.containsKey(COOKIE) || cookies.containsKey(PLAIN_COOKIE))
        && !headers.containsHeader(HttpHeaders.AUTHORIZATION)
        && !headers.containsHeader("X-API-Key");
  }

  private static boolean isSafe(ServerHttpRequest request) {
    return SAFE_METHODS.contains(request.getMethod())
        && !request.getHeaders().containsHeader(HttpHeaders.UPGRADE);
  }

  private boolean isTrustedOrigin(ServerHttpRequest request) {
    var origin = request.getHeaders().getOrigin();
    if (origin != null && isAllowedOrigin(origin)) return true;
    var fetchSite = request.getHeaders().get("Sec-Fetch-Site");
    if (fetchSite != null)
      return fetchSite.size() == 1 && fetchSite.getFirst().equals("same-origin");
    return origin != null && WebOrigin.isValid(origin) && !CorsUtils.isCorsRequest(request);
  }

  private boolean isAllowedOrigin(String origin) {
    return WebOrigin.isValid(origin)
        && edgeProperties.allowedOrigins().contains(WebOrigin.of(origin).toString());
  }
}
