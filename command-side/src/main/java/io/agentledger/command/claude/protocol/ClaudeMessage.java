package io.agentledger.command.claude.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** One line that the CLI wrote, as far as the product has a use for it. */
public sealed interface ClaudeMessage {

  /**
   * The CLI says what it is, at the start of every run.
   *
   * @param pluginErrors what was wrong with plugins that it should have loaded
   */
  record Initialized(
      String sessionId,
      String model,
      List<String> tools,
      List<McpServer> mcpServers,
      List<String> commands,
      List<String> skills,
      List<String> pluginErrors,
      String cliVersion)
      implements ClaudeMessage {}

  /** An MCP server and its status: connected, failed, needs-auth, pending or disabled. */
  record McpServer(String name, String status) {}

  /** A piece of a model exchange while it streams; a stream that broke gets no stops. */
  sealed interface StreamEvent extends ClaudeMessage {
    /** The Agent call whose subagent this is; empty for the session's own thread. */
    Optional<String> parentToolUseId();
  }

  record MessageStarted(Optional<String> parentToolUseId, String messageId, String model)
      implements StreamEvent {}

  /**
   * @param kind text, thinking, tool_use or another type of block
   */
  record BlockStarted(
      Optional<String> parentToolUseId,
      int index,
      String kind,
      Optional<String> toolUseId,
      Optional<String> toolName)
      implements StreamEvent {}

  /**
   * @param kind text_delta, thinking_delta, input_json_delta or another type of delta
   */
  record BlockDelta(Optional<String> parentToolUseId, int index, String kind, String text)
      implements StreamEvent {}

  record BlockStopped(Optional<String> parentToolUseId, int index) implements StreamEvent {}

  record MessageStopped(Optional<String> parentToolUseId) implements StreamEvent {}

  /**
   * Whole blocks of a model's message; usually one per line, all lines of a message with its id.
   *
   * @param error why the CLI made this message up, if it did (authentication_failed, ...)
   */
  record AssistantMessage(
      String uuid,
      String messageId,
      String model,
      Optional<String> parentToolUseId,
      List<JsonNode> blocks,
      Optional<String> error)
      implements ClaudeMessage {
    private static final String CLI_MODEL = "<synthetic>";

    /** Whether the CLI made the message itself: an error of the API's, a command's output. */
    public boolean isFromCli() {
      return model.equals(CLI_MODEL);
    }
  }

  /**
   * Results of tool calls, in the shape in which the model gets them.
   *
   * @param detail what the CLI itself knows of the (only) result
   */
  record ToolResults(
      String uuid, Optional<String> parentToolUseId, List<ToolResult> results, JsonNode detail)
      implements ClaudeMessage {}

  record ToolResult(String toolUseId, JsonNode content, boolean isError) {}

  /**
   * Text in the user's role: our prompt's echo (no receipt: it comes late), or what the CLI puts
   * in.
   */
  record UserMessage(
      String uuid, Optional<String> parentToolUseId, boolean isReplay, JsonNode content)
      implements ClaudeMessage {}

  /**
   * The end of a run. Its subtype may be success although it failed: {@code isError} tells.
   *
   * @param totalCostNanos nano-dollars since the process began, not of this run alone
   * @param origin task-notification if no prompt of ours caused this run
   */
  record ResultMessage(
      String subtype,
      boolean isError,
      OptionalInt apiErrorStatus,
      Duration duration,
      int turns,
      String result,
      Optional<String> stopReason,
      Optional<String> terminalReason,
      OptionalLong totalCostNanos,
      JsonNode usage,
      Optional<JsonNode> structuredOutput,
      List<String> errors,
      Optional<String> origin)
      implements ClaudeMessage {
    private static final String TASK_NOTIFICATION = "task-notification";

    /** Whether the end of a task caused it, and no prompt. */
    public boolean isOfTaskNotification() {
      return origin.filter(TASK_NOTIFICATION::equals).isPresent();
    }
  }

  /** The model could not be reached; the CLI tries again by itself. */
  record ApiRetry(int attempt, int attemptMax, Duration delay, OptionalInt httpStatus, String error)
      implements ClaudeMessage {}

  /** A tool waits for our answer; without one it never runs. */
  record PermissionRequest(
      String requestId,
      String toolName,
      String toolUseId,
      JsonNode input,
      Optional<String> agentId,
      Optional<String> blockedPath,
      Optional<String> reason)
      implements ClaudeMessage {
    /** The same with other input. */
    public PermissionRequest withInput(JsonNode other) {
      return new PermissionRequest(
          requestId, toolName, toolUseId, other, agentId, blockedPath, reason);
    }
  }

  /**
   * The CLI is at one of the points that it was told to report.
   *
   * @param callback the name that it was given for it
   */
  record HookCallback(String requestId, String callback, Optional<String> toolUseId, JsonNode input)
      implements ClaudeMessage {}

  /**
   * The CLI says something to an MCP server that it reaches through us.
   *
   * @param server the name that it was given
   * @param message JSON-RPC; one without an id wants an acknowledgement all the same
   */
  record McpMessage(String requestId, String server, JsonNode message) implements ClaudeMessage {}

  /** Another request of the CLI's, which must be refused: nobody here can answer it. */
  record UnsupportedRequest(String requestId, String subtype) implements ClaudeMessage {}

  /**
   * @param pending the permission requests that wait, in a reply to initialize
   * @param outputStyles those that can be had, in a reply to initialize
   * @param response what it says; missing in an error
   */
  record ControlResponse(
      String requestId,
      boolean succeeded,
      List<PermissionRequest> pending,
      List<String> outputStyles,
      Optional<String> error,
      JsonNode response)
      implements ClaudeMessage {}

  /** The slash commands are others by now. @param commands all of them, a list */
  record CommandsChanged(JsonNode commands) implements ClaudeMessage {}

  /** The CLI no longer waits for an answer to its request. */
  record RequestCancelled(String requestId) implements ClaudeMessage {}

  /**
   * @param state running, idle or requires_action; idle after a result ends the run for good
   */
  record StateChanged(String state) implements ClaudeMessage {}

  /** A subagent or a background command began. @param kind local_agent, local_bash, ... */
  record TaskStarted(
      String taskId,
      Optional<String> toolUseId,
      String kind,
      Optional<String> agentType,
      String description,
      String prompt)
      implements ClaudeMessage {}

  /** Message of transient interest, which is not recorded. */
  sealed interface Transient extends ClaudeMessage {}

  /**
   * @param activity what the task is at
   * @param tool that it used last
   */
  record TaskProgressed(
      String taskId,
      Optional<String> toolUseId,
      String activity,
      Optional<String> tool,
      Duration elapsed,
      long tokens,
      int calls)
      implements Transient {}

  /**
   * @param state requesting or compacting; empty: neither any more
   * @param compacting success or failed, when it is over
   * @param compactError why it failed
   * @param mode the CLI's own permission mode, when it changes
   */
  record Status(
      Optional<String> state,
      Optional<String> compacting,
      Optional<String> compactError,
      Optional<String> mode)
      implements Transient {}

  /** Notification of the CLI for the user. */
  record Notification(String level, String text) implements Transient {}

  /**
   * @param status completed, failed, killed, ...; empty if something else changed
   */
  record TaskUpdated(String taskId, Optional<String> status) implements ClaudeMessage {}

  record TaskNotified(String taskId, Optional<String> toolUseId, String status, String summary)
      implements ClaudeMessage {}

  /** The CLI replaced the conversation so far by a summary. */
  record CompactBoundary(String trigger, OptionalLong tokensBefore) implements ClaudeMessage {}

  /** So much is thought in the block that is being written. */
  record ThinkingTokens(long estimatedTokens) implements Transient {}

  /**
   * The model would not answer.
   *
   * @param fallback which one is asked instead
   * @param retracted the lines, by their uuids, that count for nothing now
   */
  record ModelRefused(
      String model,
      Optional<String> fallback,
      Optional<String> category,
      Optional<String> explanation,
      List<String> retracted)
      implements ClaudeMessage {}

  /** A line too long to be held in memory; what could be told of it without. */
  record OversizedLine(String type, String subtype, long bytes) implements ClaudeMessage {}

  /**
   * A line that reports what the model gateway never passed on.
   *
   * @param incident the kind, stable
   * @param detail in words, without content of the line
   */
  record Unverified(String incident, String detail) implements ClaudeMessage {
    public static Optional<Unverified> of(String incident, String subject) {
      return Optional.of(new Unverified(incident, "The CLI reported " + subject + "."));
    }
  }

  /** A line that is no JSON object. */
  record MalformedLine(long bytes) implements ClaudeMessage {}

  /** A line that the product has no use for. */
  record Other(String type, String subtype) implements ClaudeMessage {}
}
