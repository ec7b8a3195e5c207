package io.agentledger.gateway.support.problem;

import io.agentledger.api.audit.DenialRecorder;
import io.agentledger.api.audit.DenialRecorder.Denial;
import io.agentledger.api.audit.DenialRecorder.Reason;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.support.web.RequestIdFilter;
import io.agentledger.gateway.support.web.RequestSourceResolver;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;

/** Records denied requests for the access audit, without values of the request. */
@Component("deniedRequestRecorder")
public final class DeniedRequestRecorder {
  /** Attribute with the {@link RequestContext} of the request, once it is known. */
  public static final String CONTEXT_ATTRIBUTE = RequestContext.class.getName();

  private static final String NO_ROUTE = "none";

  private final DenialRecorder denials;
  private final SingletonSupplier<Optional<RequestMappingHandlerMapping>> routes;

  DeniedRequestRecorder(
      DenialRecorder denials,
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> routes) {
    this.denials = denials;
    this.routes = SingletonSupplier.of(() -> Optional.ofNullable(routes.getIfAvailable()));
  }

  /** Counts the response to an HTTP request, if it is a denial. */
  void recordDenial(ServerWebExchange exchange, Problem problem) {
    var reason = denialReason(problem);
    if (reason == null) return;
    RequestContext context = exchange.getAttribute(CONTEXT_ATTRIBUTE);
    var method = exchange.getRequest().getMethod().name();
    denials.count(
        denial(
            RequestSourceResolver.resolve(exchange.getRequest()),
            RequestIdFilter.requestId(exchange),
            reason,
            method + " " + resolveRoute(exchange),
            context));
  }

  /** Counts a response of another protocol, if it is a denial. */
  public void recordDenial(@Nullable RequestContext context, String route, Problem problem) {
    var reason = denialReason(problem);
    if (reason == null) return;
    var source = context == null ? RequestSource.NONE : context.source();
    var requestId = Objects.requireNonNullElse(problem.requestId(), "");
    denials.count(denial(source, requestId, reason, route, context));
  }

  private static Denial denial(
      RequestSource source,
      String requestId,
      Reason reason,
      String route,
      @Nullable RequestContext context) {
    var caller = context == null ? null : context.caller();
    return new Denial(
        source,
        requestId,
        reason,
        route,
        caller == null ? null : caller.tenant(),
        caller == null ? null : caller.credential(),
        caller == null ? null : caller.actor());
  }

  private static @Nullable Reason denialReason(Problem problem) {
    return switch (problem.status()) {
      case 401 -> Reason.UNAUTHENTICATED;
      case 403 -> Reason.FORBIDDEN;
      case 404 -> problem.code().endsWith("_not_found") ? Reason.NOT_FOUND : null;
      case 429 -> Reason.RATE_LIMITED;
      default -> null;
    };
  }

  /**
   * Returns the template of the route, also of a request that was denied before a route was
   * selected.
   */
  private String resolveRoute(ServerWebExchange exchange) {
    if (exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
        instanceof PathPattern bestMatch) return bestMatch.getPatternString();
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    return routes.obtain().stream()
        .flatMap(handlerMapping -> handlerMapping.getHandlerMethods().keySet().stream())
        .flatMap(route -> route.getPatternsCondition().getPatterns().stream())
        .filter(pattern -> pattern.matches(path))
        .min(Comparator.naturalOrder())
        .map(PathPattern::getPatternString)
        .orElse(NO_ROUTE);
  }
}
