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
 * A browser sends its cookies along whoever made it ask. So what changes something, or opens a
 * socket, in the name of a cookie alone must show that a page of ours, or one that the operator
 * named, asked: by {@code Sec-Fetch-Site}, which pages cannot write, or by {@code Origin} where a
 * browser is too old for that. Requests with a key need no such thing: no page can add one to a
 * request that it forges.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
public final class CookieCsrfFilter implements WebFilter {
  /** The cookie of a browser's login. */
  public static final String COOKIE = "__Host-agentledger";

  /** The same where the connection is not encrypted: browsers take the other one over TLS only. */
  public static final String PLAIN_COOKIE = "agentledger";

  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final EdgeProperties edgeProperties;
  private final ProblemExceptionHandler problems;

  CookieCsrfFilter(EdgeProperties edgeProperties, ProblemExceptionHandler problems) {
    this.edgeProperties = edgeProperties;
    this.problems = problems;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    var request = exchange.getRequest();
    if (!isByCookie(request) || isHarmless(request) || isOurs(request))
      return chain.filter(exchange);
    return problems.write(
        exchange,
        Problem.create(
                HttpStatus.FORBIDDEN,
                "cross_site_request",
                "A signed-in browser may do this from this service's own pages only.")
            .in(RequestIdFilter.resolveId(exchange)));
  }

  private static boolean isByCookie(ServerHttpRequest request) {
    var headers = request.getHeaders();
    var cookies = request.getCookies();
    return (cookies.containsKey(COOKIE) || cookies.containsKey(PLAIN_COOKIE))
        && !headers.containsHeader(HttpHeaders.AUTHORIZATION)
        && !headers.containsHeader("X-API-Key");
  }

  private static boolean isHarmless(ServerHttpRequest request) {
    return SAFE.contains(request.getMethod())
        && !request.getHeaders().containsHeader(HttpHeaders.UPGRADE);
  }

  private boolean isOurs(ServerHttpRequest request) {
    var origin = request.getHeaders().getOrigin();
    if (origin != null && isNamed(origin)) return true;
    var site = request.getHeaders().get("Sec-Fetch-Site");
    if (site != null) return site.size() == 1 && site.getFirst().equals("same-origin");
    return origin != null && WebOrigin.isOne(origin) && !CorsUtils.isCorsRequest(request);
  }

  private boolean isNamed(String origin) {
    return WebOrigin.isOne(origin)
        && edgeProperties.origins().contains(WebOrigin.of(origin).toString());
  }
}
