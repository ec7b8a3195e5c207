package io.agentledger.command.claude.launch;

import io.agentledger.command.claude.protocol.ClaudeMessage;
import java.util.List;
import java.util.Optional;

/** Holds the CLI to what it was started with. */
public final class InitMessageValidator {
  /** What a fault about tools begins with. */
  static final String FAULT = "the CLI offers unlisted tools: ";

  private InitMessageValidator() {}

  /** A fault if the CLI offers a tool that it was not given. */
  public static Optional<String> findUnlistedTools(
      ClaudeMessage.Initialized init, LaunchSpec spec) {
    List<String> unlisted =
        init.tools().stream()
            .map(tool -> tool.equals("Task") ? "Agent" : tool) // init's own name for it
            .filter(tool -> !spec.tools().contains(tool))
            .filter(tool -> !(tool.equals("StructuredOutput") && spec.jsonSchema().isPresent()))
            .filter(tool -> !isServerTool(tool, spec))
            .toList();
    return unlisted.isEmpty() ? Optional.empty() : Optional.of(FAULT + unlisted);
  }

  /**
   * A fault if an output of a certain shape is wanted and the CLI has left that out: it says not
   * why.
   */
  public static Optional<String> findMissingSchemaTool(
      ClaudeMessage.Initialized init, LaunchSpec spec) {
    boolean stopped = spec.jsonSchema().isPresent() && !init.tools().contains("StructuredOutput");
    return stopped ? Optional.of("the CLI does not take the output schema") : Optional.empty();
  }

  /** A fault if it has not found what the agent should begin with. */
  public static Optional<String> findMissingSetup(ClaudeMessage.Initialized init, LaunchSpec spec) {
    if (!init.pluginErrors().isEmpty()) {
      return Optional.of(String.join(" ", init.pluginErrors()));
    }
    return spec.options().skills().stream()
        .filter(requested -> init.skills().stream().noneMatch(skill -> isNamed(skill, requested)))
        .findFirst()
        .map(requested -> "there is no skill " + requested);
  }

  /** A plugin's skill is called by its own name, too. */
  private static boolean isNamed(String skill, String requested) {
    return skill.equals(requested) || skill.endsWith(":" + requested);
  }

  private static boolean isServerTool(String tool, LaunchSpec spec) {
    boolean reading = !spec.toolServers().isEmpty() && LaunchSpec.SERVER_TOOLS.contains(tool);
    return reading
        || spec.toolServers().stream().anyMatch(name -> tool.startsWith("mcp__" + name + "__"));
  }
}
