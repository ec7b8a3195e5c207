package io.agentledger.store.permission;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Named groups of tools. The house brings some; a tenant's own come beside them.
 *
 * @param own by name, without the {@code @}
 */
public record ToolGroups(Map<String, List<String>> own) {
  /** What begins with it is a group's name. */
  public static final String MARK = "@";

  /** Groups that every tenant has. */
  public static final Map<String, List<String>> OF_THE_HOUSE =
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
  public static final ToolGroups HOUSE = new ToolGroups(Map.of());

  public ToolGroups {
    own = Map.copyOf(own);
  }

  /** The tools that it names; empty when there is no such group. */
  public Optional<List<String>> find(String marked) {
    String name = marked.substring(MARK.length());
    return Optional.ofNullable(own.get(name)).or(() -> Optional.ofNullable(OF_THE_HOUSE.get(name)));
  }

  List<String> members(String rule, String tool) {
    return tool.startsWith(MARK)
        ? find(tool)
            .orElseThrow(
                () -> Re2Patterns.invalidPattern(rule, "names a group that is not there: " + tool))
        : List.of(tool);
  }
}
