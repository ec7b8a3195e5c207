package io.agentledger.gateway.support.web;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.problem.ParameterViolations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.SimpleTypeConverter;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/**
 * Checks all query parameters of a request before they are bound, because binding reports the first
 * violation only.
 */
final class QueryParameterChecker {
  private final Supplier<ConversionService> conversionService;

  QueryParameterChecker(Supplier<ConversionService> conversionService) {
    this.conversionService = conversionService;
  }

  /** Returns the violations in the order of the handler's parameters. */
  List<Violation> findViolations(HandlerMethod handler, MultiValueMap<String, String> values) {
    var violations = new ArrayList<Violation>();
    for (var parameter : handler.getMethodParameters()) {
      if (parameter.hasParameterAnnotation(RequestParam.class))
        violations.addAll(checkParameter(parameter, values));
      else if (parameter.getParameterType() == PageRequest.class) {
        violations.addAll(findRepeated(Pagination.PARAMETERS, values));
        violations.addAll(
            InvalidRequestException.collect(() -> RequestParameterResolver.toPageRequest(values)));
      } else if (QueryFilterBinder.isFilter(parameter.getParameterType())) {
        var type = parameter.getParameterType();
        violations.addAll(findRepeated(QueryFilterBinder.parametersOf(type), values));
        violations.addAll(QueryFilterBinder.bind(type, values).findViolations());
      }
    }
    return violations;
  }

  private static List<Violation> findRepeated(
      List<String> names, MultiValueMap<String, String> values) {
    return names.stream()
        .filter(name -> values.getOrDefault(name, List.of()).size() > 1)
        .map(ParameterViolations::ofRepeated)
        .toList();
  }

  private List<Violation> checkParameter(
      MethodParameter parameter, MultiValueMap<String, String> values) {
    var scalar = parameter.nestedIfOptional().getNestedParameterType();
    boolean isText = CharSequence.class.isAssignableFrom(scalar);
    boolean isList = scalar.isArray() || Collection.class.isAssignableFrom(scalar);
    var all = values.getOrDefault(ParameterViolations.nameOf(parameter), List.of());
    if (!isList && all.size() > 1)
      return List.of(ParameterViolations.ofRepeated(ParameterViolations.nameOf(parameter)));
    if (!isList && !isText && !all.isEmpty() && isEmpty(all.getFirst()))
      return List.of(ParameterViolations.ofMismatch(parameter));
    var given = all.stream().filter(Objects::nonNull).toList();
    if (given.isEmpty())
      return isRequired(parameter) ? List.of(ParameterViolations.ofMissing(parameter)) : List.of();
    var converter = new SimpleTypeConverter();
    converter.setConversionService(conversionService.get());
    try {
      converter.convertIfNecessary(
          given.size() == 1 ? given.getFirst() : given, parameter.getParameterType(), parameter);
      return List.of();
    } catch (TypeMismatchException exception) {
      return List.of(ParameterViolations.ofMismatch(parameter, exception));
    }
  }

  private static boolean isEmpty(@Nullable String value) {
    return value == null || value.isEmpty();
  }

  private static boolean isRequired(MethodParameter parameter) {
    var requestParam = parameter.getParameterAnnotation(RequestParam.class);
    return requestParam != null && requestParam.required() && !parameter.isOptional();
  }
}
