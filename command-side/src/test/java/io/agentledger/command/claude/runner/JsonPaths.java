package io.agentledger.command.claude.runner;

import tools.jackson.databind.json.JsonMapper;

/** Reads values from JSON in tests. */
final class JsonPaths {
  private static final JsonMapper JSON = new JsonMapper();

  private JsonPaths() {}

  static String read(String json, String pointer) {
    return JSON.readTree(json).at(pointer).asString();
  }
}
