package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.BeanUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;

/**
 * Handler mapping that refuses query parameters that the matched handler of a route under {@code
 * /api} does not declare. A misspelled filter would otherwise return more than was asked for.
 */
final class StrictParameterHandlerMapping extends RequestMappingHandlerMapping {
  private static final String API = "/api/";
  private static final int ERRORS_MAX = 16;
  private static final int NAME_MAX = 64;

  private final Map<Method, SortedSet<String>> parametersByHandler = new ConcurrentHashMap<>();

  @Override
  protected void registerHandlerMethod(Object handler, Method method, RequestMappingInfo mapping) {
    super.registerHandlerMethod(handler, method, mapping);
    if (mapping.getPatternsCondition().getPatterns().stream()
        .anyMatch(pattern -> pattern.getPatternString().startsWith(API)))
      parametersByHandler.put(method, declaredParameters(method, mapping));
  }

  @Override
  protected void handleMatch(
      RequestMappingInfo mapping, HandlerMethod handler, ServerWebExchange exchange) {
    super.handleMatch(mapping, handler, exchange);
    var known = parametersByHandler.get(handler.getMethod());
    if (known != null) requireKnown(known, exchange.getRequest().getQueryParams().keySet());
  }

  private static void requireKnown(SortedSet<String> known, Iterable<String> names) {
    var unknown = new TreeSet<String>();
    for (var name : names) if (!known.contains(name)) unknown.add(name);
    if (unknown.isEmpty()) return;
    var rule =
        known.isEmpty()
            ? "is not a known parameter; there are none here"
            : "is not a known parameter; the known ones are " + String.join(", ", known);
    throw new InvalidRequestException(
        unknown.stream()
            .limit(ERRORS_MAX)
            .map(name -> new Violation(null, shorten(name), null, rule))
            .toList());
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
    if (parameter.getType() == PageRequest.class)
      names.addAll(List.of(Pagination.LIMIT, Pagination.CURSOR));
    if (!parameter.isAnnotationPresent(ModelAttribute.class)) return;
    for (var field : BeanUtils.getResolvableConstructor(parameter.getType()).getParameters()) {
      var bindParam = field.getAnnotation(BindParam.class);
      names.add(bindParam == null ? field.getName() : bindParam.value());
    }
  }
}
