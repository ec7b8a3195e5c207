package io.agentledger.api.agent;

import io.agentledger.api.shared.Json;
import java.util.List;

/**
 * One version of an agent, as it was when a session opened. Later changes of the agent do not
 * affect the session. The system prompt is content; it is stored sealed in a separate field.
 *
 * @param tools built-in tools that the agent may be offered; MCP tools are determined by the
 *     servers
 * @param mcpServers by name and address, never with secrets
 * @param clientTools tools that the client executes over the API
 * @param roster agents that it may call as subagents
 * @param writableFolders folders of the workspace that its runs can write to; empty: all of it
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
    List<Member> roster,
    List<String> writableFolders) {

  /**
   * Tools of Claude Code that may be offered, by the CLI's names. The list omits Cron*, Workflow,
   * *Worktree, SendMessage, ScheduleWakeup and ReportFindings (they act outside a run or on the
   * host) and EnterPlanMode (the service sets the mode). WebFetch is offered only in environments
   * with a network. A run whose process offers another tool is ended.
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
          "WebFetch",
          "WebSearch",
          "Write");

  /** Returns the same agent with another id. */
  public AgentSnapshot with(AgentId other) {
    return new AgentSnapshot(
        other,
        version,
        name,
        model,
        systemPrompt,
        tools,
        mcpServers,
        clientTools,
        skills,
        roster,
        writableFolders);
  }

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

  /** A tool that the client executes. */
  public record ClientTool(String name, String description, Json inputSchema) {}

  /** A skill of the agent: its name, and the digest of its content as its version. */
  public record Skill(String id, String version) {}

  /** An agent at one version. */
  public record Member(AgentId id, long version) {}
}
