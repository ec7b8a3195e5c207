package io.agentledger.api.permission;

import io.agentledger.api.agent.AgentSnapshot;
import java.util.List;
import java.util.stream.Stream;

/** Names of tools that rules can contain, besides those of MCP servers and client tools. */
public final class ToolNames {
  /** Prefix of the tools of MCP servers: {@code mcp__<server>__<tool>}. */
  public static final String MCP = "mcp__";

  /** Prefix of a group's name in a rule. */
  public static final String GROUP = "@";

  /** Groups that every tenant has, without the prefix. */
  public static final List<String> BUILT_IN_GROUPS =
      List.of("agents", "mcp", "read", "shell", "tasks", "web", "write");

  /** Tools of Claude Code; some are offered only under conditions. */
  public static final List<String> BUILT_IN =
      Stream.concat(
              AgentSnapshot.BUILT_IN_TOOLS.stream(),
              Stream.of(
                  "ListMcpResourcesTool",
                  "ReadMcpResourceDirTool",
                  "ReadMcpResourceTool",
                  "StructuredOutput"))
          .sorted()
          .toList();

  /** Tools whose rules can have a pattern in parentheses. */
  public static final List<String> WITH_PATTERN =
      List.of("Bash", "Edit", "Glob", "Grep", "NotebookEdit", "Read", "WebFetch", "Write");

  /** Beginning of the pattern of a rule for WebFetch: {@code WebFetch(domain:example.com)}. */
  public static final String DOMAIN = "domain:";

  /** Other name of the tool {@code Agent}, which Claude Code uses, too. */
  public static final String TASK = "Task";

  private ToolNames() {}
}
