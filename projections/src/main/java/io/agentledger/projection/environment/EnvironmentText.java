package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentTerms;
import io.agentledger.store.event.Json;
import tools.jackson.databind.json.JsonMapper;

/** How the terms of an environment stand in a column: in the JSON of its events. */
final class EnvironmentText {
  private static final JsonMapper JSON = Json.mapper();

  private EnvironmentText() {}

  static String of(EnvironmentTerms terms) {
    return JSON.writeValueAsString(terms);
  }

  static EnvironmentTerms terms(String text) {
    return JSON.readValue(text, EnvironmentTerms.class);
  }
}
