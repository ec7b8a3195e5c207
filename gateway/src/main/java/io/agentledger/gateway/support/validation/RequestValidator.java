package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.ConstraintViolationMapper;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import jakarta.validation.Validator;
import java.util.List;
import org.springframework.stereotype.Component;

/** Bean Validation of bodies that do not come over HTTP. */
@Component
public final class RequestValidator {
  private final Validator validator;

  RequestValidator(Validator validator) {
    this.validator = validator;
  }

  /**
   * Returns the body if it is valid.
   *
   * @throws InvalidRequestException with all violations
   */
  public <T> T check(T body) {
    var violations = findViolations(body);
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return body;
  }

  /** Returns the violations of the body's constraints. */
  public List<Violation> findViolations(Object body) {
    return ConstraintViolationMapper.toViolations(validator.validate(body));
  }
}
