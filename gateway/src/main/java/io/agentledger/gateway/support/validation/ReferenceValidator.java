package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Validates a request by its constraints, its mapping and the names in it, and reports all
 * violations at once.
 */
@Component
public final class ReferenceValidator {
  private final RequestValidator requestValidator;
  private final ToolNameValidator toolNameValidator;
  private final ModelNameValidator modelNameValidator;

  ReferenceValidator(
      RequestValidator requestValidator,
      ToolNameValidator toolNameValidator,
      ModelNameValidator modelNameValidator) {
    this.requestValidator = requestValidator;
    this.toolNameValidator = toolNameValidator;
    this.modelNameValidator = modelNameValidator;
  }

  /**
   * Returns the mapped request.
   *
   * @param body request with constraints
   * @param mapping maps the request without effects, and throws {@link InvalidRequestException}; if
   *     constraints are violated, it may fail in any way
   */
  public <T> Mono<T> check(
      RequestContext context, Object body, RequestReferences references, Supplier<T> mapping) {
    return Mono.defer(
        () -> {
          var violations = new ArrayList<>(requestValidator.findViolations(body));
          var mapped = map(mapping, violations);
          return toolNameValidator
              .findViolations(context, references)
              .zipWith(modelNameValidator.findViolations(references.models()))
              .flatMap(
                  found -> {
                    addUnlessReported(violations, found.getT1());
                    addUnlessReported(violations, found.getT2());
                    return violations.isEmpty()
                        ? mapped
                        : Mono.error(new InvalidRequestException(violations));
                  });
        });
  }

  private static <T> Mono<T> map(Supplier<T> mapping, List<Violation> violations) {
    boolean isValid = violations.isEmpty();
    try {
      return Mono.just(mapping.get());
    } catch (InvalidRequestException exception) {
      addUnlessReported(violations, exception.errors());
      return Mono.empty();
    } catch (RuntimeException exception) {
      if (isValid) throw exception;
      return Mono.empty(); // It relies on a constraint that is violated.
    }
  }

  /** Adds violations of values without a violation so far. */
  private static void addUnlessReported(List<Violation> violations, List<Violation> found) {
    for (var violation : found)
      if (violations.stream().noneMatch(violation::overlaps)) violations.add(violation);
  }
}
