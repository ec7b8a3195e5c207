package io.agentledger.gateway.support;

import jakarta.validation.ConstraintViolation;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.support.WebExchangeBindException;

/** What Bean Validation found, as places in the JSON body. */
final class BoundErrors {
  private BoundErrors() {}

  static List<Invalid.Wrong> of(WebExchangeBindException invalid) {
    return invalid.getAllErrors().stream()
        .map(
            error ->
                wrong(
                    error instanceof FieldError field ? field.getField() : "",
                    error.getDefaultMessage()))
        .toList();
  }

  static List<Invalid.Wrong> of(Set<? extends ConstraintViolation<?>> violations) {
    return violations.stream()
        .map(violation -> wrong(violation.getPropertyPath().toString(), violation.getMessage()))
        .toList();
  }

  private static Invalid.Wrong wrong(String path, @Nullable String rule) {
    return new Invalid.Wrong(pointer(path), null, null, rule == null ? "is not valid" : rule);
  }

  /** {@code inputs[0].maxTurns} as {@code /inputs/0/max_turns}; a map's key stands as it is. */
  private static String pointer(String path) {
    if (path.isEmpty()) return "";
    var pointer = new StringBuilder();
    for (var step : path.replace("<map value>", "").replace("<K>", "").split("[.]")) {
      if (step.isEmpty() || step.startsWith("<")) continue;
      int bracket = step.indexOf('[');
      pointer.append('/').append(WireNames.snake(bracket < 0 ? step : step.substring(0, bracket)));
      if (bracket >= 0) pointer.append('/').append(step, bracket + 1, step.indexOf(']', bracket));
    }
    return pointer.toString();
  }
}
