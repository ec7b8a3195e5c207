package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.store.event.JsonMappers;
import tools.jackson.databind.json.JsonMapper;

/** Converts the parts of a policy to columns, in the JSON of its events. */
final class PolicyJson {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private PolicyJson() {}

  static String toJson(PolicyDefinition definition) {
    return JSON.writeValueAsString(definition);
  }

  static PolicyDefinition toDefinition(String text) {
    return JSON.readValue(text, PolicyDefinition.class);
  }

  static String toJson(PolicyScope scope) {
    return JSON.writerFor(PolicyScope.class).writeValueAsString(scope);
  }

  static PolicyScope toScope(String text) {
    return JSON.readValue(text, PolicyScope.class);
  }
}
