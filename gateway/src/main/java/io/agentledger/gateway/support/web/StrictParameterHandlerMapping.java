package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.PathContainer.Element;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * Handler mapping that refuses query parameters that the matched handler of a route under {@code
 * /api} does not declare, together with the violations of those that it does. A misspelled filter
 * would otherwise return more than was asked for.
 */
final class StrictParameterHandlerMapping extends RequestMappingHandlerMapping {
  private static final String API = "/api/";
  private static final int ERRORS_MAX = 16;
  private static final int NAME_MAX = 64;

  /** Stands for the length of the paths that a pattern with a wildcard matches. */
  private static final int ANY_LENGTH = 0;

  private final Map<Method, SortedSet<String>> parametersByHandler = new ConcurrentHashMap<>();
  private final Map<Integer, List<Route>> routesByLength = new ConcurrentHashMap<>();
  private final QueryParameterChecker queryParameterChecker;

  /**
   * Handler of the paths of a pattern.
   *
   * @param segments those that a path must have, with the separators; empty for a variable, and
   *     none for a pattern that matches paths of several lengths
   */
  private record Route(
      RequestMappingInfo mapping, HandlerMethod handler, List<Optional<String>> segments) {
    private boolean hasSegments(List<Element> path) {
      for (int i = segments.size() - 1; i >= 0; i--) { // Most routes begin with the same segments.
        var literal = segments.get(i);
        var value = path.get(i) instanceof PathSegment segment ? segment.valueToMatch() : "/";
        if (literal.isPresent() && !literal.get().equals(value)) return false;
      }
      return true;
    }
  }

  StrictParameterHandlerMapping(QueryParameterChecker queryParameterChecker) {
    this.queryParameterChecker = queryParameterChecker;
  }

  @Override
  protected void registerHandlerMethod(Object handler, Method method, RequestMappingInfo mapping) {
    super.registerHandlerMethod(handler, method, mapping);
    var route =
        new Route(
            mapping,
            createHandlerMethod(handler, method).createWithValidateFlags(),
            segments(mapping));
    routesByLength
        .computeIfAbsent(route.segments().size(), length -> new CopyOnWriteArrayList<>())
        .add(route);
    if (mapping.getPatternsCondition().getPatterns().stream()
        .anyMatch(pattern -> pattern.getPatternString().startsWith(API)))
      parametersByHandler.put(method, declaredParameters(method, mapping));
  }

  private static List<Optional<String>> segments(RequestMappingInfo mapping) {
    var patterns = mapping.getPatternsCondition().getPatterns();
    var pattern = patterns.size() == 1 ? patterns.iterator().next().getPatternString() : "*";
    if (pattern.contains("*")) return List.of();
    return PathContainer.parsePath(pattern).elements().stream()
        .map(Element::value)
        .map(value -> Optional.of(value).filter(literal -> !literal.contains("{")))
        .toList();
  }

  /**
   * Compares the fixed segments of the path first: the superclass examines each of the hundreds of
   * routes unless the path has no variables. It decides if there is not exactly one match.
   */
  @Override
  protected @Nullable HandlerMethod lookupHandlerMethod(ServerWebExchange exchange)
      throws Exception {
    var path = exchange.getRequest().getPath().pathWithinApplication().elements();
    var matches = new ArrayList<Route>();
    for (int length : new int[] {ANY_LENGTH, path.size()})
      for (var route : routesByLength.getOrDefault(length, List.of()))
        if (route.hasSegments(path)) {
          var mapping = getMatchingMapping(route.mapping(), exchange);
          if (mapping != null) matches.add(new Route(mapping, route.handler(), route.segments()));
        }
    if (matches.size() != 1) return super.lookupHandlerMethod(exchange);
    var match = matches.getFirst();
    handleMatch(match.mapping(), match.handler(), exchange);
    return match.handler();
  }

  @Override
  protected void handleMatch(
      RequestMappingInfo mapping, HandlerMethod handler, ServerWebExchange exchange) {
    super.handleMatch(mapping, handler, exchange);
    var known = parametersByHandler.get(handler.getMethod());
    if (known == null) return;
    var values = exchange.getRequest().getQueryParams();
    var violations = new ArrayList<>(findUnknown(known, values.keySet()));
    violations.addAll(queryParameterChecker.findViolations(handler, values));
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
  }

  private static List<Violation> findUnknown(SortedSet<String> known, Set<String> names) {
    if (known.containsAll(names)) return List.of();
    var rule =
        known.isEmpty()
            ? "is not a known parameter; there are none here"
            : "is not a known parameter; the known ones are " + String.join(", ", known);
    return names.stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .limit(ERRORS_MAX)
        .map(name -> new Violation(null, shorten(name), null, rule))
        .toList();
  }

  private static String shorten(String name) {
    return name.codePointCount(0, name.length()) <= NAME_MAX
        ? name
        : name.substring(0, name.offsetByCodePoints(0, NAME_MAX));
  }

  /** Names of the query parameters of a handler: those it binds and those it is selected by. */
  static SortedSet<String> declaredParameters(Method method, RequestMappingInfo mapping) {
    var names = new TreeSet<String>();
    mapping.getParamsCondition().getExpressions().stream()
        .filter(expression -> !expression.isNegated())
        .forEach(expression -> names.add(expression.getName()));
    for (var parameter : method.getParameters()) addNames(names, parameter);
    return names;
  }

  private static void addNames(SortedSet<String> names, Parameter parameter) {
    var requestParam = AnnotatedElementUtils.findMergedAnnotation(parameter, RequestParam.class);
    if (requestParam != null)
      names.add(requestParam.name().isEmpty() ? parameter.getName() : requestParam.name());
    if (parameter.getType() == PageRequest.class) names.addAll(Pagination.PARAMETERS);
    if (QueryFilterBinder.isFilter(parameter.getType()))
      names.addAll(QueryFilterBinder.parametersOf(parameter.getType()));
  }
}
