package io.agentledger.command.claude.launch;

import io.agentledger.store.support.UntrustedJson;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * First control request to the CLI, {@code initialize}. It contains texts of users, because a
 * command line is readable by all users of the host and limited in length.
 */
final class InitializeRequest {
  /** Timeout of the CLI at a hook point: longer than several hooks in a row may take. */
  private static final Duration HOOK_TIMEOUT = Duration.ofHours(1);

  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private static final ObjectWriter ORDERED_JSON =
      JSON.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private InitializeRequest() {}

  /** Returns the request as JSON that is the same in each process of the service. */
  static String orderedJson(LaunchSpec spec) {
    return ORDERED_JSON.writeValueAsString(create(spec));
  }

  static Map<String, Object> create(LaunchSpec spec) {
    LaunchOptions launchOptions = spec.options();
    Map<String, Object> fields = new TreeMap<>();
    fields.put("subtype", "initialize");
    fields.put("forwardSubagentText", true);
    switch (spec.systemPrompt().kind()) {
      case DEFAULT -> {}
      case APPEND -> fields.put("appendSystemPrompt", spec.systemPrompt().text());
      case REPLACE -> fields.put("systemPrompt", List.of(spec.systemPrompt().text()));
    }
    spec.jsonSchema().ifPresent(schema -> fields.put("jsonSchema", JSON.readTree(schema)));
    if (!launchOptions.agents().isEmpty()) {
      fields.put("agents", JSON.readTree(launchOptions.agents()));
    }
    if (!launchOptions.planModeInstructions().isEmpty()) {
      fields.put("planModeInstructions", launchOptions.planModeInstructions());
    }
    if (launchOptions.excludeDynamicSections()) {
      fields.put("excludeDynamicSections", true);
    }
    if (!launchOptions.skills().isEmpty()) {
      fields.put("skills", launchOptions.skills());
    }
    if (!spec.toolServers().isEmpty()) {
      fields.put("sdkMcpServers", spec.toolServers());
    }
    if (!spec.hookPoints().isEmpty()) {
      Map<String, Object> hooks = new TreeMap<>();
      for (String point : spec.hookPoints()) {
        hooks.put(
            point,
            List.of(
                Map.of("hookCallbackIds", List.of(point), "timeout", HOOK_TIMEOUT.toSeconds())));
      }
      fields.put("hooks", hooks);
    }
    return fields;
  }
}
