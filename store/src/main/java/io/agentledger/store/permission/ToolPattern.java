package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.stream.Stream;

/** Pattern of tool names: one name, a wildcard, or all tools of an MCP server. */
final class ToolPattern {
  private static final String MCP = "mcp__";

  private final String name;
  private final Pattern pattern;

  ToolPattern(String name) {
    this.name = name;
    this.pattern = Re2Patterns.wildcard(name);
  }

  /**
   * Returns whether it covers the call.
   *
   * @param strict whether a rule denies or asks
   */
  boolean covers(EvaluatedToolCall call, boolean strict) {
    return call.isNamed(name, this::covers, strict);
  }

  boolean covers(String tool) {
    if (pattern.matches(tool)) return true;
    if (name.startsWith(MCP)) return tool.startsWith(name + "__");
    return name.equals("Task") && tool.equals("Agent"); // The CLI uses both names.
  }

  /** Returns true if a rule for these tools applies to the shell, too; no tools means all. */
  static boolean includesShell(List<String> tools, ToolGroups groups) {
    return tools.isEmpty()
        || tools.stream()
            .flatMap(
                tool ->
                    tool.startsWith(ToolGroups.PREFIX)
                        ? groups.find(tool).stream().flatMap(List::stream)
                        : Stream.of(tool))
            .anyMatch(tool -> new ToolPattern(tool).covers("Bash"));
  }
}
