package io.agentledger.gateway.support;

import jakarta.validation.Validator;
import org.springframework.stereotype.Component;

/** Bean Validation for bodies that come through other doors than HTTP. */
@Component
public final class Checks {
  private final Validator validator;

  Checks(Validator validator) {
    this.validator = validator;
  }

  /** The same body, or {@link Invalid} with everything that is wrong with it. */
  public <T> T check(T body) {
    var violations = validator.validate(body);
    if (!violations.isEmpty()) throw new Invalid(BoundErrors.of(violations));
    return body;
  }
}
