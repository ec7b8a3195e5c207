package io.agentledger.projection.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.store.event.JsonMappers;
import tools.jackson.databind.json.JsonMapper;

/** Converts the definition of an environment to a column, in the JSON of its events. */
final class EnvironmentJson {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private EnvironmentJson() {}

  static String toJson(EnvironmentDefinition definition) {
    return JSON.writeValueAsString(definition);
  }

  static EnvironmentDefinition toDefinition(String text) {
    return JSON.readValue(text, EnvironmentDefinition.class);
  }
}
