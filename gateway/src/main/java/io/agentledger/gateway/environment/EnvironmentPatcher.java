package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentView;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import java.util.Set;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * What shall be different: what is left out stays, null takes away, a list takes the place of the
 * one before. Of metadata and limits each part is by itself.
 */
@Component
class EnvironmentPatcher {
  private static final Set<String> BY_PART = Set.of("metadata", "limits");

  private final WireJson json;
  private final RequestValidator validator;

  EnvironmentPatcher(WireJson json, RequestValidator validator) {
    this.json = json;
    this.validator = validator;
  }

  /** What an environment says after it. */
  EnvironmentRequest applyTo(EnvironmentView now, ObjectNode change) {
    if (change.isEmpty())
      throw InvalidRequestException.body("", "must say what shall be different");
    var says = json.tree(EnvironmentRequest.of(now));
    for (var field : change.properties())
      if (BY_PART.contains(field.getKey())
          && field.getValue() instanceof ObjectNode parts
          && says.get(field.getKey()) instanceof ObjectNode before) merge(before, parts);
      else says.set(field.getKey(), field.getValue());
    return validator.check(json.read(says, EnvironmentRequest.class));
  }

  private static void merge(ObjectNode before, ObjectNode parts) {
    for (var part : parts.properties())
      if (part.getValue().isNull()) before.remove(part.getKey());
      else before.set(part.getKey(), part.getValue());
  }
}
