package io.agentledger.gateway.support.security;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Matcher of methods and path patterns that compares them in a loop. Spring Security's own one
 * makes several reactive operators for each pattern and request. Extracts no variables. Immutable.
 */
public final class RouteMatcher implements ServerWebExchangeMatcher {
  private final List<Route> routes;

  private RouteMatcher(List<Route> routes) {
    this.routes = routes;
  }

  /**
   * Method and pattern.
   *
   * @param method null for all methods
   */
  private record Route(@Nullable HttpMethod method, PathPattern pattern) {
    boolean matches(ServerWebExchange exchange) {
      var request = exchange.getRequest();
      return (method == null || method.equals(request.getMethod()))
          && pattern.matches(request.getPath().pathWithinApplication());
    }
  }

  /** Returns a matcher of paths with any method. */
  public static RouteMatcher of(String... patterns) {
    return new RouteMatcher(List.of()).or(null, patterns);
  }

  /**
   * Returns a matcher that also matches other routes.
   *
   * @param method null for all methods
   */
  public RouteMatcher or(@Nullable HttpMethod method, String... patterns) {
    var others =
        Arrays.stream(patterns)
            .map(PathPatternParser.defaultInstance::parse)
            .map(pattern -> new Route(method, pattern));
    return new RouteMatcher(Stream.concat(routes.stream(), others).toList());
  }

  /** Returns whether a route matches the request. */
  public boolean isMatch(ServerWebExchange exchange) {
    for (var route : routes) if (route.matches(exchange)) return true;
    return false;
  }

  @Override
  public Mono<MatchResult> matches(ServerWebExchange exchange) {
    return isMatch(exchange) ? MatchResult.match() : MatchResult.notMatch();
  }
}
