package io.agentledger.command.claude.launch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the CLI is told in its first control request, {@code initialize}: what people wrote has no
 * place on a command line, where all of the host can read it and its length is limited.
 */
final class InitializeRequest {
  /** How long the CLI waits at a point: longer than several hooks in a row may take. */
  private static final Duration POINT_PATIENCE = Duration.ofHours(1);

  private static final JsonMapper JSON = new JsonMapper();

  private InitializeRequest() {}

  static Map<String, Object> of(LaunchSpec spec) {
    LaunchOptions setup = spec.setup();
    Map<String, Object> words = new TreeMap<>();
    words.put("subtype", "initialize");
    words.put("forwardSubagentText", true);
    switch (spec.systemPrompt().kind()) {
      case DEFAULT -> {}
      case APPEND -> words.put("appendSystemPrompt", spec.systemPrompt().text());
      case REPLACE -> words.put("systemPrompt", List.of(spec.systemPrompt().text()));
    }
    spec.jsonSchema().ifPresent(schema -> words.put("jsonSchema", JSON.readTree(schema)));
    if (!setup.agents().isEmpty()) {
      words.put("agents", JSON.readTree(setup.agents()));
    }
    if (!setup.planModeInstructions().isEmpty()) {
      words.put("planModeInstructions", setup.planModeInstructions());
    }
    if (setup.excludeDynamicSections()) {
      words.put("excludeDynamicSections", true);
    }
    if (!setup.skills().isEmpty()) {
      words.put("skills", setup.skills());
    }
    if (!spec.toolServers().isEmpty()) {
      words.put("sdkMcpServers", spec.toolServers());
    }
    if (!spec.hookPoints().isEmpty()) {
      Map<String, Object> hooks = new TreeMap<>();
      for (String point : spec.hookPoints()) {
        hooks.put(
            point,
            List.of(
                Map.of("hookCallbackIds", List.of(point), "timeout", POINT_PATIENCE.toSeconds())));
      }
      words.put("hooks", hooks);
    }
    return words;
  }
}
