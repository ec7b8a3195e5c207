package io.agentledger.gateway.support.validation;

import io.agentledger.api.model.ModelCatalog;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Refuses models that the upstream does not list. An upstream without a list, or whose list cannot
 * be read now, accepts every name.
 */
@Component
public class ModelNameValidator {
  private final MessageGateway messageGateway;
  private final ModelCatalog models;

  ModelNameValidator(MessageGateway messageGateway, ModelCatalog models) {
    this.messageGateway = messageGateway;
    this.models = models;
  }

  /** Returns the violations of the references, in their order. */
  public Mono<List<Violation>> findViolations(List<ModelReference> references) {
    if (references.isEmpty()) return Mono.just(List.of());
    return messageGateway
        .onEventLoop(Mono.fromCompletionStage(models::listModels))
        .map(
            listed ->
                references.stream()
                    .filter(reference -> !listed.isEmpty() && !isKnown(reference.name(), listed))
                    .map(reference -> toViolation(reference, listed))
                    .toList());
  }

  /**
   * Returns whether a name is an alias of Claude Code, a listed model, or one without its date. The
   * suffix {@code [1m]} selects a context window.
   */
  private static boolean isKnown(String name, List<String> listed) {
    var model = name.replaceFirst("\\[1m]$", "");
    return ModelCatalog.ALIASES.contains(model)
        || listed.stream()
            .anyMatch(
                id ->
                    id.equals(model)
                        || id.matches(".+-\\d{8}")
                            && id.substring(0, id.length() - "-20260101".length()).equals(model));
  }

  private static Violation toViolation(ModelReference reference, List<String> listed) {
    return Violation.body(
        reference.pointer(),
        "names no model of the upstream: %s; %s"
            .formatted(
                reference.name(),
                SimilarNames.question(reference.name(), listed)
                    .orElse("the models are " + String.join(", ", listed))));
  }
}
