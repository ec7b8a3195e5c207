package io.agentledger.gateway.support.problem;

import io.agentledger.gateway.support.json.WireNames;
import jakarta.validation.ConstraintViolation;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.support.WebExchangeBindException;

/** Maps Bean Validation violations to positions in the JSON body. */
public final class ConstraintViolationMapper {
  /** Names of components whose fields or elements are in the place of the component in JSON. */
  private static final Set<String> UNWRAPPED =
      Set.of("flatOptions", "registeredServers", "definedServers");

  private static final String REQUIRED = "is required";

  /** Rules of required fields that say nothing about their values. */
  private static final Set<String> GENERAL_RULES = Set.of("must not be blank", "must not be null");

  private ConstraintViolationMapper() {}

  static List<InvalidRequestException.Violation> toViolations(WebExchangeBindException exception) {
    return exception.getAllErrors().stream()
        .map(
            error ->
                error instanceof FieldError field
                    ? toViolation(
                        field.getField(), field.getRejectedValue(), field.getDefaultMessage())
                    : toViolation("", error, error.getDefaultMessage()))
        .toList();
  }

  public static List<InvalidRequestException.Violation> toViolations(
      Set<? extends ConstraintViolation<?>> violations) {
    return violations.stream()
        .map(
            violation ->
                toViolation(
                    CONTAINER_ELEMENT
                        .matcher(violation.getPropertyPath().toString())
                        .replaceAll(""),
                    violation.getInvalidValue(),
                    violation.getMessage()))
        .toList();
  }

  private static InvalidRequestException.Violation toViolation(
      String path, @Nullable Object value, @Nullable String message) {
    var rule = message == null ? "is not valid" : message;
    boolean isMissing = value == null && !path.endsWith("]") && !rule.startsWith(REQUIRED);
    return InvalidRequestException.Violation.body(
        toPointer(path), isMissing ? describeMissing(rule) : rule);
  }

  /** Bean Validation rejects null only if a value is required. */
  private static String describeMissing(String rule) {
    return GENERAL_RULES.contains(rule) ? REQUIRED : REQUIRED + " and " + rule;
  }

  /** Name of an element that has no place of its own in JSON. */
  private static final Pattern CONTAINER_ELEMENT =
      Pattern.compile("\\.?<(list element|map key|map value|K)>(?=[.\\[]|$)");

  /** A field's name, or the text in brackets behind it, including dots. */
  private static final Pattern PATH_SEGMENT =
      Pattern.compile("\\[(.*?)](?=[.\\[]|$)|([^.\\[]+)", Pattern.DOTALL);

  /**
   * Converts {@code inputs[0].maxTurns} to {@code /inputs/0/max_turns}; keys of maps are not
   * converted.
   */
  private static String toPointer(String path) {
    var pointer = new StringBuilder();
    var steps = PATH_SEGMENT.matcher(path.replace("<map value>", "").replace("<K>", ""));
    while (steps.find()) {
      var key = steps.group(1);
      if (key == null && UNWRAPPED.contains(steps.group(2))) continue;
      pointer.append('/').append(key == null ? WireNames.toSnakeCase(steps.group(2)) : escape(key));
    }
    return pointer.toString();
  }

  /** Escapes a key for a JSON Pointer (RFC 6901). */
  private static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
