package io.agentledger.projection.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.store.event.JsonMappers;
import tools.jackson.databind.json.JsonMapper;

/** Converts the parts of a hook to columns, in the JSON of its events. */
final class HookJson {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private HookJson() {}

  static String toJson(HookDefinition definition) {
    return JSON.writeValueAsString(definition);
  }

  static HookDefinition toDefinition(String text) {
    return JSON.readValue(text, HookDefinition.class);
  }

  static String toJson(PolicyScope scope) {
    return JSON.writerFor(PolicyScope.class).writeValueAsString(scope);
  }

  static PolicyScope toScope(String text) {
    return JSON.readValue(text, PolicyScope.class);
  }
}
