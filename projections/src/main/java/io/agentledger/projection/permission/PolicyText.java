package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.permission.PolicyTerms;
import io.agentledger.store.event.Json;
import tools.jackson.databind.json.JsonMapper;

/** How the parts of a policy stand in a column: in the JSON of its events. */
final class PolicyText {
  private static final JsonMapper JSON = Json.mapper();

  private PolicyText() {}

  static String of(PolicyTerms terms) {
    return JSON.writeValueAsString(terms);
  }

  static PolicyTerms terms(String text) {
    return JSON.readValue(text, PolicyTerms.class);
  }

  static String of(PolicyScope scope) {
    return JSON.writerFor(PolicyScope.class).writeValueAsString(scope);
  }

  static PolicyScope scope(String text) {
    return JSON.readValue(text, PolicyScope.class);
  }
}
