package io.agentledger.store.permission;

import com.google.re2j.Pattern;

/** Names tools: one, all that fit a wildcard, or all of an MCP server. */
final class ToolPattern {
  private static final String MCP = "mcp__";

  private final String name;
  private final Pattern pattern;

  ToolPattern(String name) {
    this.name = name;
    this.pattern = Patterns.wildcard(name);
  }

  boolean covers(String tool) {
    if (pattern.matches(tool)) return true;
    if (name.startsWith(MCP)) return tool.startsWith(name + "__");
    return name.equals("Task") && tool.equals("Agent"); // The CLI calls it by both.
  }
}
