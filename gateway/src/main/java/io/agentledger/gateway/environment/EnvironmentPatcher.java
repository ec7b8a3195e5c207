package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Applies a partial update to an environment: missing fields stay, null removes, a list replaces
 * the former list. The parts of metadata and limits are updated one by one.
 */
@Component
class EnvironmentPatcher {
  private static final Set<String> MERGED_FIELDS = Set.of("metadata", "limits");

  private final WireJson json;
  private final RequestValidator validator;

  EnvironmentPatcher(WireJson json, RequestValidator validator) {
    this.json = json;
    this.validator = validator;
  }

  /** Returns the environment after the update. */
  EnvironmentRequest patch(EnvironmentView current, ObjectNode change) {
    if (change.isEmpty())
      throw InvalidRequestException.body("", "must contain at least one change");
    var merged = json.toTree(EnvironmentRequest.from(current));
    for (var field : change.properties())
      if (MERGED_FIELDS.contains(field.getKey())
          && field.getValue() instanceof ObjectNode changes
          && merged.get(field.getKey()) instanceof ObjectNode target) merge(target, changes);
      else merged.set(field.getKey(), field.getValue());
    return validator.check(json.read(merged, EnvironmentRequest.class));
  }

  private static void merge(ObjectNode target, ObjectNode changes) {
    for (var change : changes.properties())
      if (change.getValue().isNull()) target.remove(change.getKey());
      else target.set(change.getKey(), change.getValue());
  }
}
