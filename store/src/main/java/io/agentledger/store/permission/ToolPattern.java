package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.stream.Stream;

/** Names tools: one, all that fit a wildcard, or all of an MCP server. */
final class ToolPattern {
  private static final String MCP = "mcp__";

  private final String name;
  private final Pattern pattern;

  ToolPattern(String name) {
    this.name = name;
    this.pattern = Re2Patterns.wildcard(name);
  }

  boolean covers(String tool) {
    if (pattern.matches(tool)) return true;
    if (name.startsWith(MCP)) return tool.startsWith(name + "__");
    return name.equals("Task") && tool.equals("Agent"); // The CLI calls it by both.
  }

  /** Whether a rule for these tools is for the shell, too; for none is for all. */
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
