package io.agentledger.api.agent;

import io.agentledger.api.shared.Json;
import java.util.List;

/**
 * One version of an agent, as it was when a session opened: later changes do not reach it. Its
 * system prompt is content and stands beside it, sealed.
 *
 * @param tools the built-in tools that it may be offered; MCP tools come with their servers
 * @param mcpServers by name and address, never with secrets
 * @param clientTools answered by the client over the API
 * @param roster agents that it may call as subagents
 */
public record AgentSnapshot(
    AgentId id,
    long version,
    String name,
    Model model,
    SystemPrompt systemPrompt,
    List<String> tools,
    List<McpServer> mcpServers,
    List<ClientTool> clientTools,
    List<Skill> skills,
    List<Member> roster) {

  /**
   * The tools of Claude Code that may be offered, by its own names. Left out are Cron*, Workflow,
   * *Worktree, SendMessage, ScheduleWakeup and ReportFindings (they act outside a run or on the
   * host), WebFetch and WebSearch (the box has no network) and EnterPlanMode (modes are ours). A
   * run whose process offers more is ended.
   */
  public static final List<String> BUILT_IN_TOOLS =
      List.of(
          "Agent",
          "AskUserQuestion",
          "Bash",
          "Edit",
          "ExitPlanMode",
          "Glob",
          "Grep",
          "NotebookEdit",
          "Read",
          "Skill",
          "TaskCreate",
          "TaskGet",
          "TaskList",
          "TaskOutput",
          "TaskStop",
          "TaskUpdate",
          "Write");

  /** Model of an agent; {@code effort} and {@code speed} may be "default". */
  public record Model(String id, String effort, String speed) {}

  /** Use of Claude Code's own system prompt. */
  public enum SystemPrompt {
    PRESET,
    APPEND,
    REPLACE
  }

  /** An MCP server that the agent uses. */
  public record McpServer(String name, String url) {}

  /** A tool that the client carries out. */
  public record ClientTool(String name, String description, Json inputSchema) {}

  /** A skill at one version. */
  public record Skill(String id, String version) {}

  /** An agent at one version. */
  public record Member(AgentId id, long version) {}
}
