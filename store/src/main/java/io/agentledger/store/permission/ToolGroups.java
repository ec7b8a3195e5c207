package io.agentledger.store.permission;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Named groups of tools. The house brings some; a tenant's own come beside them.
 *
 * @param customGroups by name, without the {@code @}
 */
public record ToolGroups(Map<String, List<String>> customGroups) {
  /** What begins with it is a group's name. */
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

  /** Those of the house alone. */
  public static final ToolGroups BUILT_IN_ONLY = new ToolGroups(Map.of());

  public ToolGroups {
    customGroups = Map.copyOf(customGroups);
  }

  /** The tools that it names; empty when there is no such group. */
  public Optional<List<String>> find(String prefixedName) {
    String name = prefixedName.substring(PREFIX.length());
    return Optional.ofNullable(customGroups.get(name))
        .or(() -> Optional.ofNullable(BUILT_IN.get(name)));
  }

  List<String> members(String rule, String tool) {
    return tool.startsWith(PREFIX)
        ? find(tool)
            .orElseThrow(
                () -> Re2Patterns.invalidRule(rule, "names a group that is not there: " + tool))
        : List.of(tool);
  }
}
