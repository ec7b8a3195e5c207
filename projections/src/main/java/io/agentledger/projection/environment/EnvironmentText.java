package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentTerms;
import io.agentledger.store.event.Json;
import tools.jackson.databind.json.JsonMapper;

/** How the terms of an environment stand in a column: in the JSON of its events. */
final class EnvironmentText {
  private static final JsonMapper JSON = json();

  private EnvironmentText() {}

  private static JsonMapper json() {
    var json = JsonMapper.builder();
    Json.configure(json);
    return json.build();
  }

  static String of(EnvironmentTerms terms) {
    return JSON.writeValueAsString(terms);
  }

  static EnvironmentTerms terms(String text) {
    return JSON.readValue(text, EnvironmentTerms.class);
  }
}
