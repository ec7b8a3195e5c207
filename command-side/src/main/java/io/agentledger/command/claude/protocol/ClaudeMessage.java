package io.agentledger.command.claude.protocol;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/**
 * One line of the CLI's output, with the fields that the service uses. {@link ClaudeParser} binds
 * fields by their names in snake case, unless another name is given.
 */
public sealed interface ClaudeMessage {

  /**
   * The CLI's description of itself at the start of every run.
   *
   * @param pluginErrors errors of plugins that could not be loaded
   */
  record Initialized(
      String sessionId,
      String model,
      List<String> tools,
      List<McpServerState> mcpServers,
      @JsonProperty("slash_commands") List<String> commands,
      List<String> skills,
      List<String> agents,
      List<Plugin> plugins,
      List<PluginError> pluginErrors,
      @JsonProperty("claude_code_version") String cliVersion)
      implements ClaudeMessage {
    /** Returns a copy with each server replaced. */
    public Initialized withServers(UnaryOperator<McpServerState> change) {
      return new Initialized(
          sessionId,
          model,
          tools,
          mcpServers.stream().map(change).toList(),
          commands,
          skills,
          agents,
          plugins,
          pluginErrors,
          cliVersion);
    }
  }

  record Plugin(String name) {}

  record PluginError(String message) {}

  /** A part of a streaming model exchange; a stream that broke off has no stop events. */
  sealed interface StreamEvent extends ClaudeMessage {
    /** Returns the Agent call that started the subagent; empty for the main thread. */
    Optional<String> parentToolUseId();
  }

  record MessageStarted(
      Optional<String> parentToolUseId, @JsonProperty("id") String messageId, String model)
      implements StreamEvent {}

  /**
   * @param kind text, thinking, tool_use or another type of block
   */
  record BlockStarted(
      Optional<String> parentToolUseId,
      int index,
      @JsonProperty("type") String kind,
      @JsonProperty("id") Optional<String> toolUseId,
      @JsonProperty("name") Optional<String> toolName)
      implements StreamEvent {}

  /**
   * @param kind text_delta, thinking_delta, input_json_delta or another type of delta
   */
  record BlockDelta(
      Optional<String> parentToolUseId,
      int index,
      @JsonProperty("type") String kind,
      @JsonAlias({"thinking", "partial_json"}) String text)
      implements StreamEvent {}

  record BlockStopped(Optional<String> parentToolUseId, int index) implements StreamEvent {}

  /**
   * The model has written its whole message.
   *
   * @param usage of the exchange, as in the Messages API; fields that have not changed since the
   *     start may be missing
   */
  record MessageCounted(Optional<String> parentToolUseId, JsonNode usage) implements StreamEvent {}

  record MessageStopped(Optional<String> parentToolUseId) implements StreamEvent {}

  /**
   * Complete blocks of a model's message; usually one block per line, and all lines have the
   * message's id.
   *
   * @param usage complete only if there is a stop reason; otherwise that of the message's start
   * @param error the error for which the CLI generated this message, if it did
   *     (authentication_failed, ...)
   */
  record AssistantMessage(
      String uuid,
      @JsonProperty("id") String messageId,
      String model,
      Optional<String> parentToolUseId,
      @JsonProperty("content") List<JsonNode> blocks,
      Optional<String> stopReason,
      JsonNode usage,
      Optional<String> error)
      implements ClaudeMessage {
    private static final String CLI_MODEL = "<synthetic>";
    private static final Set<String> TEXTS = Set.of("text", "thinking");

    /** Returns whether it consists of text of the model, and is no error and no call of a tool. */
    public boolean isText() {
      return error.isEmpty()
          && !isFromCli()
          && blocks.stream().allMatch(block -> TEXTS.contains(block.path("type").asString("")));
    }

    /**
     * Returns whether the CLI generated the message itself: for an API error or a command's output.
     */
    public boolean isFromCli() {
      return model.equals(CLI_MODEL);
    }
  }

  /**
   * Results of tool calls, in the format that the model gets.
   *
   * @param detail the CLI's own details of the (only) result
   */
  record ToolResults(
      String uuid, Optional<String> parentToolUseId, List<ToolResult> results, JsonNode detail)
      implements ClaudeMessage {}

  record ToolResult(String toolUseId, JsonNode content, boolean isError) {}

  /**
   * Text in the user's role: the echo of a prompt, which comes too late to be a receipt, or text
   * that the CLI inserts.
   */
  record UserMessage(
      String uuid,
      Optional<String> parentToolUseId,
      @JsonProperty("isReplay") boolean isReplay,
      JsonNode content)
      implements ClaudeMessage {}

  /**
   * The end of a run. Its subtype may be success although the run failed; {@code isError} is
   * decisive.
   *
   * @param totalCost in dollars: cost of all turns since the start of the process, by the CLI's own
   *     prices
   * @param origin has the kind task-notification if no prompt of the service caused this run
   */
  record ResultMessage(
      String subtype,
      boolean isError,
      OptionalInt apiErrorStatus,
      @JsonProperty("num_turns") int turns,
      String result,
      Optional<String> stopReason,
      Optional<String> terminalReason,
      @JsonProperty("structured_output") JsonNode structured,
      List<String> errors,
      @JsonProperty("total_cost_usd") JsonNode totalCost,
      JsonNode origin)
      implements ClaudeMessage {
    /** Subtype of a run that was stopped because it reached its maximum number of turns. */
    public static final String TURN_LIMIT = "error_max_turns";

    private static final String TASK_NOTIFICATION = "task-notification";

    public boolean isAtTurnLimit() {
      return subtype.equals(TURN_LIMIT);
    }

    /** Returns whether the run was caused by the end of a task and not by a prompt. */
    public boolean isOfTaskNotification() {
      return ClaudeParser.text(origin, "kind").equals(TASK_NOTIFICATION);
    }

    /** Returns the cost in dollars of all turns since the start of the process. */
    public Optional<BigDecimal> totalCostUsd() {
      return totalCost.isNumber() ? Optional.of(totalCost.decimalValue()) : Optional.empty();
    }

    public Optional<JsonNode> structuredOutput() {
      return Optional.of(structured).filter(output -> !output.isNull());
    }
  }

  /** The model could not be reached; the CLI retries by itself. */
  record ApiRetry(
      int attempt,
      @JsonProperty("max_retries") int attemptMax,
      @JsonProperty("retry_delay_ms") Duration delay,
      @JsonProperty("error_status") OptionalInt httpStatus,
      String error)
      implements ClaudeMessage {}

  /** A tool call waits for the service's decision; without one it never runs. */
  record PermissionRequest(
      String requestId,
      String toolName,
      String toolUseId,
      JsonNode input,
      Optional<String> agentId,
      @JsonProperty("decision_reason") Optional<String> reason)
      implements ClaudeMessage {
    /** Returns a copy with other input. */
    public PermissionRequest withInput(JsonNode other) {
      return new PermissionRequest(requestId, toolName, toolUseId, other, agentId, reason);
    }
  }

  /**
   * The CLI has reached a hook point that it reports.
   *
   * @param callback the name that the service gave to this hook point
   */
  record HookCallback(
      String requestId,
      @JsonProperty("callback_id") String callback,
      Optional<String> toolUseId,
      JsonNode input)
      implements ClaudeMessage {}

  /**
   * A message of the CLI to an MCP server that it reaches through the service.
   *
   * @param server the name that the service gave to the server
   * @param message JSON-RPC; one without an id must be acknowledged, too
   */
  record McpMessage(String requestId, @JsonProperty("server_name") String server, JsonNode message)
      implements ClaudeMessage {}

  /** A request of the CLI that the service does not support and must reject. */
  record UnsupportedRequest(String requestId, String subtype) implements ClaudeMessage {}

  /**
   * @param pending the waiting permission requests, in a response to initialize
   * @param outputStyles the available output styles, in a response to initialize
   * @param response the payload; missing in an error
   */
  record ControlResponse(
      String requestId,
      boolean succeeded,
      List<PermissionRequest> pending,
      List<String> outputStyles,
      Optional<String> error,
      JsonNode response)
      implements ClaudeMessage {}

  /** The available slash commands have changed. @param commands the complete new list */
  record CommandsChanged(JsonNode commands) implements ClaudeMessage {}

  /** The CLI no longer waits for an answer to its request. */
  record RequestCancelled(String requestId) implements ClaudeMessage {}

  /**
   * @param state running, idle or requires_action; idle after a result ends the run for good
   */
  record StateChanged(String state) implements ClaudeMessage {}

  /** A subagent or a background command started. @param kind local_agent, local_bash, ... */
  record TaskStarted(
      String taskId,
      Optional<String> toolUseId,
      @JsonProperty("task_type") String kind,
      @JsonProperty("subagent_type") Optional<String> agentType,
      String description,
      String prompt)
      implements ClaudeMessage {}

  /** Message of transient interest, which is not recorded. */
  sealed interface Transient extends ClaudeMessage {}

  /**
   * @param tool the tool that it used last
   */
  record TaskProgressed(
      String taskId,
      Optional<String> toolUseId,
      Optional<String> summary,
      String description,
      @JsonProperty("last_tool_name") Optional<String> tool,
      @JsonProperty("duration_ms") Duration elapsed,
      @JsonProperty("total_tokens") long tokens,
      @JsonProperty("tool_uses") int calls)
      implements Transient {
    public String activity() {
      return summary.orElse(description);
    }
  }

  /**
   * @param state requesting or compacting; empty: neither of them any more
   * @param compacting success or failed, when compacting has ended
   * @param compactError the error, if compacting failed
   * @param mode the CLI's permission mode, when it has changed
   */
  record Status(
      @JsonProperty("status") Optional<String> state,
      @JsonProperty("compact_result") Optional<String> compacting,
      Optional<String> compactError,
      @JsonProperty("permissionMode") Optional<String> mode)
      implements Transient {}

  /** Notification of the CLI for the user. */
  record Notification(String level, String text) implements Transient {}

  /**
   * @param status completed, failed, killed, ...; empty if something else changed
   */
  record TaskUpdated(String taskId, Optional<String> status) implements ClaudeMessage {}

  record TaskNotified(String taskId, Optional<String> toolUseId, String status, String summary)
      implements ClaudeMessage {}

  /** The CLI has replaced the conversation so far by a summary. */
  record CompactBoundary(String trigger, @JsonProperty("pre_tokens") OptionalLong tokensBefore)
      implements ClaudeMessage {}

  /** Estimated number of thinking tokens in the current block. */
  record ThinkingTokens(long estimatedTokens) implements Transient {}

  /**
   * The model refused to answer.
   *
   * @param fallback model that is used instead
   * @param retracted uuids of the lines that are invalid now
   */
  record ModelRefused(
      @JsonProperty("original_model") String model,
      @JsonProperty("fallback_model") Optional<String> fallback,
      @JsonProperty("api_refusal_category") Optional<String> category,
      @JsonProperty("api_refusal_explanation") Optional<String> explanation,
      @JsonProperty("retracted_message_uuids") List<String> retracted)
      implements ClaudeMessage {}

  /** A line that is too long to be held in memory. */
  record OversizedLine(long bytes) implements ClaudeMessage {}

  /**
   * A line that reports content which never passed the model gateway.
   *
   * @param incident the kind, stable
   * @param detail description without content of the line
   */
  record Unverified(String incident, String detail) implements ClaudeMessage {
    public static Optional<Unverified> of(String incident, String subject) {
      return Optional.of(new Unverified(incident, "The CLI reported " + subject + "."));
    }
  }

  /** A line that is not a JSON object, or has a scalar where a list or an object belongs. */
  record MalformedLine(long bytes) implements ClaudeMessage {}

  /** A line that the service does not use. */
  record Other(String type, String subtype) implements ClaudeMessage {}
}
