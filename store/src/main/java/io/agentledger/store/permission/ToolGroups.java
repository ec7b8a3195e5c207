package io.agentledger.store.permission;

import io.agentledger.api.shared.OrderedCopy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Named groups of tools: built-in ones and those of a tenant.
 *
 * @param customGroups by name, without the {@code @}
 */
public record ToolGroups(Map<String, List<String>> customGroups) {
  /** Prefix of a group's name. */
  public static final String PREFIX = "@";

  /** Groups that every tenant has. */
  public static final Map<String, List<String>> BUILT_IN =
      Map.of(
          "read", EvaluatedToolCall.READERS,
          "write", EvaluatedToolCall.WRITERS,
          "shell", List.of("Bash"),
          "web", List.of("WebFetch", "WebSearch"),
          "mcp", List.of("mcp__*"),
          "agents", List.of("Agent"),
          "tasks",
              List.of("TaskCreate", "TaskGet", "TaskList", "TaskOutput", "TaskStop", "TaskUpdate"));

  /** Only the built-in groups. */
  public static final ToolGroups BUILT_IN_ONLY = new ToolGroups(Map.of());

  public ToolGroups {
    customGroups = OrderedCopy.of(customGroups);
  }

  /** Returns the tools of a group; empty if there is no such group. */
  public Optional<List<String>> find(String prefixedName) {
    String name = prefixedName.substring(PREFIX.length());
    return Optional.ofNullable(customGroups.get(name))
        .or(() -> Optional.ofNullable(BUILT_IN.get(name)));
  }

  List<String> members(String rule, String tool) {
    return tool.startsWith(PREFIX)
        ? find(tool)
            .orElseThrow(() -> Re2Patterns.invalidRule(rule, "names an unknown group: " + tool))
        : List.of(tool);
  }
}
