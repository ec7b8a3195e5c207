package io.agentledger.gateway.support.problem;

import io.agentledger.api.audit.DenialRecorder;
import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Kind;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/** Tells the access audit whom a door refused, in words that hold nothing of what was sent. */
@Component("refusalsAtDoors")
public final class DeniedRequestRecorder {
  /** The request's {@link RequestContext}, as soon as it is known. */
  public static final String VISIT = RequestContext.class.getName();

  private static final String NO_ROUTE = "none";

  private final DenialRecorder denials;
  private final ObjectProvider<RequestMappingHandlerMapping> routes;

  DeniedRequestRecorder(
      DenialRecorder denials,
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> routes) {
    this.denials = denials;
    this.routes = routes;
  }

  /** Counts the answer to a request on HTTP, if it is a refusal. */
  void count(ServerWebExchange exchange, Problem problem) {
    var kind = kind(problem);
    if (kind == null) return;
    RequestContext context = exchange.getAttribute(VISIT);
    var method = exchange.getRequest().getMethod().name();
    count(kind, method + " " + route(exchange), ip(exchange), context);
  }

  /** Counts an answer on another door, if it is a refusal. */
  public void count(@Nullable RequestContext context, String route, Problem problem) {
    var kind = kind(problem);
    var source = context == null ? RequestSource.NONE : context.source();
    if (kind != null) count(kind, route, source.ip(), context);
  }

  private void count(Kind kind, String route, String ip, @Nullable RequestContext context) {
    var caller = context == null ? null : context.caller();
    denials.count(
        new Denial(
            ip,
            kind,
            route,
            caller == null ? null : caller.tenant(),
            caller == null ? null : caller.credential()));
  }

  private static @Nullable Kind kind(Problem problem) {
    return switch (problem.status()) {
      case 401 -> Kind.UNAUTHENTICATED;
      case 403 -> Kind.FORBIDDEN;
      case 404 -> problem.code().endsWith("_not_found") ? Kind.NOT_FOUND : null;
      case 429 -> Kind.LIMITED;
      default -> null;
    };
  }

  /** Its template: who is refused before a route is chosen would have come to it. */
  private String route(ServerWebExchange exchange) {
    if (exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
        instanceof PathPattern chosen) return chosen.getPatternString();
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    var mapping = routes.getIfAvailable();
    if (mapping == null) return NO_ROUTE;
    return mapping.getHandlerMethods().keySet().stream()
        .flatMap(route -> route.getPatternsCondition().getPatterns().stream())
        .filter(pattern -> pattern.matches(path))
        .min(Comparator.naturalOrder())
        .map(PathPattern::getPatternString)
        .orElse(NO_ROUTE);
  }

  private static String ip(ServerWebExchange exchange) {
    var peer = exchange.getRequest().getRemoteAddress();
    return peer == null || peer.getAddress() == null ? "" : peer.getAddress().getHostAddress();
  }
}
