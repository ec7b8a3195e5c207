package io.agentledger.projection.hook;

import io.agentledger.api.hook.HookTerms;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.store.event.Json;
import tools.jackson.databind.json.JsonMapper;

/** How the parts of a hook stand in a column: in the JSON of its events. */
final class HookText {
  private static final JsonMapper JSON = Json.mapper();

  private HookText() {}

  static String of(HookTerms terms) {
    return JSON.writeValueAsString(terms);
  }

  static HookTerms terms(String text) {
    return JSON.readValue(text, HookTerms.class);
  }

  static String of(PolicyScope scope) {
    return JSON.writerFor(PolicyScope.class).writeValueAsString(scope);
  }

  static PolicyScope scope(String text) {
    return JSON.readValue(text, PolicyScope.class);
  }
}
