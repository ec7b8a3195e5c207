package io.agentledger.command.claude.launch;

import static java.util.stream.Collectors.joining;

import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.command.claude.protocol.ClaudeMessage.PluginError;
import io.agentledger.store.permission.EvaluatedToolCall;
import java.util.List;
import java.util.Optional;

/** Checks that the CLI starts with the requested tools and setup. */
public final class InitMessageValidator {
  /** Prefix of the error about unlisted tools. */
  static final String FAULT = "the CLI offers unlisted tools: ";

  private InitMessageValidator() {}

  /** Returns an error if the CLI offers a tool that was not requested. */
  public static Optional<String> findUnlistedTools(
      ClaudeMessage.Initialized init, LaunchSpec spec) {
    List<String> unlisted =
        init.tools().stream()
            .map(tool -> tool.equals("Task") ? "Agent" : tool) // its name in the init message
            .filter(tool -> !spec.tools().contains(tool))
            .filter(tool -> !(tool.equals("StructuredOutput") && spec.jsonSchema().isPresent()))
            .filter(tool -> !isServerTool(tool, spec))
            .toList();
    return unlisted.isEmpty() ? Optional.empty() : Optional.of(FAULT + unlisted);
  }

  /**
   * Returns an error if a structured output was requested and the CLI does not support it; the CLI
   * gives no reason.
   */
  public static Optional<String> findMissingSchemaTool(
      ClaudeMessage.Initialized init, LaunchSpec spec) {
    boolean stopped = spec.jsonSchema().isPresent() && !init.tools().contains("StructuredOutput");
    return stopped ? Optional.of("the CLI does not accept the output schema") : Optional.empty();
  }

  /** Returns an error if the CLI has not found a part of the agent's setup. */
  public static Optional<String> findMissingSetup(ClaudeMessage.Initialized init, LaunchSpec spec) {
    if (!init.pluginErrors().isEmpty()) {
      return Optional.of(
          init.pluginErrors().stream().map(PluginError::message).collect(joining(" ")));
    }
    return spec.options().skills().stream()
        .filter(requested -> init.skills().stream().noneMatch(skill -> isNamed(skill, requested)))
        .findFirst()
        .map(requested -> "there is no skill " + requested);
  }

  /**
   * Returns whether the skill has the requested name; a plugin's skill also matches without the
   * plugin's name.
   */
  private static boolean isNamed(String skill, String requested) {
    return skill.equals(requested) || skill.endsWith(":" + requested);
  }

  private static boolean isServerTool(String tool, LaunchSpec spec) {
    boolean reading =
        !spec.toolServers().isEmpty() && EvaluatedToolCall.RESOURCE_READERS.contains(tool);
    return reading
        || spec.toolServers().stream().anyMatch(name -> tool.startsWith("mcp__" + name + "__"));
  }
}
