package io.agentledger.command.claude.runner;

import tools.jackson.databind.json.JsonMapper;

/** Looks into JSON for tests. */
final class ClaudeParserProbe {
  private static final JsonMapper JSON = new JsonMapper();

  private ClaudeParserProbe() {}

  static String at(String json, String pointer) {
    return JSON.readTree(json).at(pointer).asString();
  }
}
