package io.agentledger.gateway.support.problem;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.support.json.WireNames;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.web.bind.annotation.RequestParam;

/** Violations of query parameters, with the rules of their types. */
public final class ParameterViolations {
  private ParameterViolations() {}

  /** Returns the violation of a required parameter that is missing. */
  public static Violation ofMissing(@Nullable MethodParameter parameter) {
    return new Violation(null, nameOf(parameter), null, "is required");
  }

  /** Returns the violation of a parameter whose value is not one of its type. */
  public static Violation ofMismatch(MethodParameter parameter) {
    return new Violation(null, nameOf(parameter), null, ruleOf(elementType(parameter)));
  }

  /** Returns the violation of a parameter whose value was not converted. */
  public static Violation ofMismatch(MethodParameter parameter, TypeMismatchException failure) {
    var rule = failure.getMostSpecificCause().getMessage();
    return Id.class.isAssignableFrom(elementType(parameter)) && rule != null
        ? new Violation(null, nameOf(parameter), null, rule)
        : ofMismatch(parameter);
  }

  /** Returns the violation of a parameter that has one value and was sent several times. */
  public static Violation ofRepeated(String name) {
    return new Violation(null, name, null, "must be given once");
  }

  private static String ruleOf(Class<?> type) {
    if (type.isEnum()) return WireNames.mustBeOneOf(type);
    if (type == boolean.class || type == Boolean.class) return "must be true or false";
    if (type == Double.class || type == double.class) return "must be a number";
    if (type == Instant.class) return "must be a time such as 2026-11-20T09:00:00Z";
    if (type == Long.class || type == long.class)
      return "must be a whole number up to " + Long.MAX_VALUE;
    if (Number.class.isAssignableFrom(type) || type.isPrimitive())
      return "must be a whole number up to " + Integer.MAX_VALUE;
    if (type == LocalDate.class) return "must be a date such as 2026-11-20";
    if (Id.class.isAssignableFrom(type)) return "must be an id of the type " + StableNames.of(type);
    return "must be of another type";
  }

  /** Returns the type of one value of the parameter. */
  private static Class<?> elementType(MethodParameter parameter) {
    var type = ResolvableType.forMethodParameter(parameter.nestedIfOptional());
    var collection = type.asCollection();
    return collection == ResolvableType.NONE ? type.toClass() : collection.getGeneric().toClass();
  }

  /** Returns the name of a parameter in the query string. */
  public static String nameOf(@Nullable MethodParameter parameter) {
    if (parameter == null) return "?";
    var requestParam = parameter.getParameterAnnotation(RequestParam.class);
    if (requestParam != null && !requestParam.name().isEmpty()) return requestParam.name();
    return WireNames.toSnakeCase(parameter.getParameter().getName());
  }
}
