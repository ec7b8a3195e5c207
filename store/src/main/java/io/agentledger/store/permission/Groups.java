package io.agentledger.store.permission;

import java.util.List;
import java.util.Map;

/**
 * Named groups of tools. The house brings some; a tenant's own come beside them.
 *
 * @param own by name, without the {@code @}
 */
public record Groups(Map<String, List<String>> own) {
  /** What begins with it is a group's name. */
  public static final String MARK = "@";

  /** Groups that every tenant has. */
  public static final Map<String, List<String>> OF_THE_HOUSE =
      Map.of(
          "read", RuledCall.READERS,
          "write", RuledCall.WRITERS,
          "shell", List.of("Bash"),
          "web", List.of("WebFetch", "WebSearch"),
          "mcp", List.of("mcp__*"),
          "agents", List.of("Agent"),
          "tasks",
              List.of("TaskCreate", "TaskGet", "TaskList", "TaskOutput", "TaskStop", "TaskUpdate"));

  /** Those of the house alone. */
  public static final Groups HOUSE = new Groups(Map.of());

  public Groups {
    own = Map.copyOf(own);
  }

  List<String> members(String rule, String tool) {
    if (!tool.startsWith(MARK)) return List.of(tool);
    String name = tool.substring(MARK.length());
    List<String> members = own.getOrDefault(name, OF_THE_HOUSE.get(name));
    if (members == null) throw Patterns.refused(rule, "names a group that is not there: " + tool);
    return members;
  }
}
