package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.ConstraintViolationMapper;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Validator;
import org.springframework.stereotype.Component;

/** Bean Validation for bodies that come through other doors than HTTP. */
@Component
public final class RequestValidator {
  private final Validator validator;

  RequestValidator(Validator validator) {
    this.validator = validator;
  }

  /** The same body, or {@link InvalidRequestException} with everything that is wrong with it. */
  public <T> T check(T body) {
    var violations = validator.validate(body);
    if (!violations.isEmpty())
      throw new InvalidRequestException(ConstraintViolationMapper.toViolations(violations));
    return body;
  }
}
