package io.agentledger.api.session.event;

import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.content.Content;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.axonframework.serialization.Revision;

/** Output of a run, in the order of the CLI's journal. */
public sealed interface OutputEvent extends SessionEvent, RunnerEvent
    permits OutputEvent.RunInitialized,
        OutputEvent.MessageReceived,
        OutputEvent.ToolCalled,
        OutputEvent.ToolReturned,
        OutputEvent.SubagentStarted,
        OutputEvent.SubagentFinished,
        OutputEvent.TaskStarted,
        OutputEvent.TaskEnded,
        OutputEvent.TodoUpdated,
        OutputEvent.ContextCompacted,
        OutputEvent.HookExecuted,
        OutputEvent.IncidentNoted,
        TurnEvent,
        EgressEvent {
  RunId runId();

  ThreadId threadId();

  SourcePosition sourcePosition();

  /**
   * An MCP server as the CLI sees it.
   *
   * @param status connected, failed, needs-auth, pending, disabled
   * @param reason why it is not connected, as the end of a sentence; empty if it is, or if the
   *     reason is not known
   */
  record McpServerState(String name, String status, String reason) {
    public static final String CONNECTED = "connected";

    public McpServerState {
      reason = Objects.requireNonNullElse(reason, ""); // The CLI's JSON has none.
    }

    public McpServerState(String name, String status) {
      this(name, status, "");
    }
  }

  /** Author of a message. */
  enum Role {
    USER,
    ASSISTANT
  }

  /** Origin of a message. */
  enum MessageOrigin {
    /** The model; the model gateway passed the message on. */
    MODEL,
    /** The CLI itself: an error of the model API, a command's output, a summary, a reminder. */
    CLI
  }

  /** Decision about a tool call before it was executed. */
  enum Verdict {
    ALLOWED,
    ASKED,
    DENIED,
    /** Denied by the CLI itself, without a request to the service. */
    REFUSED
  }

  /** Outcome of a tool call. */
  enum CallStatus {
    RETURNED,
    FAILED,
    DENIED,
    /** Its process or its run ended before a decision: it was not executed. */
    EXPIRED,
    /** The process has ended and the outcome is unknown; never shown as a success. */
    UNKNOWN
  }

  /** End of a model exchange. */
  enum TurnStatus {
    COMPLETED,
    /** Cut off: the received tokens are known, the billed ones may be more. */
    TRUNCATED
  }

  /** Source of the prices that a cost was computed with. */
  sealed interface PriceSource extends Discriminated {
    /**
     * A price table.
     *
     * @param date date of the table
     */
    @StableName("table")
    record Table(String date) implements PriceSource {}

    /** No price is known for the model: the cost is estimated at the highest price of the list. */
    @StableName("unknown")
    record Unknown() implements PriceSource {}

    /** Scripted responses cost nothing. */
    @StableName("rehearsal")
    record Rehearsed() implements PriceSource {}
  }

  /**
   * The CLI reported its model, tools and setup at the beginning of a run.
   *
   * @param commands names of the commands, without the slash
   * @param skills names of the skills; those of a plugin begin with its name and a colon
   * @param agents names of the subagents, built-in ones included
   * @param plugins names of the plugins that were loaded
   */
  @NotAudited
  @Revision("1")
  @StableName("RunInitialized")
  record RunInitialized(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      String model,
      List<String> tools,
      List<McpServerState> mcpServers,
      List<String> commands,
      List<String> skills,
      List<String> agents,
      List<String> plugins,
      PermissionMode permissionMode,
      String cliVersion)
      implements OutputEvent {}

  /**
   * One content block of one message.
   *
   * @param blockIndex from 0 within the message
   * @param origin author; messages of the model are confirmed by the model gateway
   * @param blockType text, thinking, tool_use, image, document, ...
   * @param block the block as JSON, in the format of Anthropic's Messages API
   * @param usage tokens of the whole answer, as the CLI reported them, on its last block; zero on
   *     all others, and if the CLI reported none. {@link TurnEvent.TurnFinished} has what is paid.
   */
  @NotAudited
  @Revision("1")
  @StableName("MessageReceived")
  record MessageReceived(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      MessageId messageId,
      int blockIndex,
      Role role,
      MessageOrigin origin,
      String blockType,
      Content block,
      Usage usage)
      implements OutputEvent {}

  /**
   * A tool was called and the call decided. Recorded before the CLI gets the decision, so that no
   * call is executed unrecorded.
   *
   * @param toolUseId id that the model gave to the call
   * @param inputDigest SHA-256 of the exact input, hex; a decision is bound to it
   * @param rule rule or setting that decided
   * @param resolvedPath path that was decided about and that the tool gets, if links make it differ
   *     from the path in the input
   */
  @NotAudited
  @Revision("1")
  @StableName("ToolCalled")
  record ToolCalled(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      ToolCallId toolCallId,
      String toolUseId,
      String name,
      String inputDigest,
      Verdict verdict,
      String rule,
      Content input,
      Content resolvedPath)
      implements OutputEvent {}

  /**
   * A tool call returned.
   *
   * @param output the tool's result as JSON; absent if no process reported it
   */
  @NotAudited
  @Revision("1")
  @StableName("ToolReturned")
  record ToolReturned(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      ToolCallId toolCallId,
      CallStatus status,
      Content output)
      implements OutputEvent {}

  /**
   * A subagent starts, on a thread of its own.
   *
   * @param threadId the new thread
   * @param parentThreadId the thread that called it
   */
  @NotAudited
  @Revision("1")
  @StableName("SubagentStarted")
  record SubagentStarted(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      ThreadId parentThreadId,
      ToolCallId toolCallId,
      String agent,
      Content prompt)
      implements OutputEvent {}

  /** The subagent finished its task. */
  @NotAudited
  @Revision("1")
  @StableName("SubagentFinished")
  record SubagentFinished(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      CallStatus status)
      implements OutputEvent {}

  /** End of a task. */
  enum TaskStatus {
    COMPLETED,
    FAILED,
    STOPPED
  }

  /**
   * A background task started: a subagent or a command. It may outlive its run.
   *
   * @param taskId id that the CLI gave to it
   * @param taskType local_agent, local_bash or another type of the CLI
   * @param toolCallId tool call that started it
   */
  @NotAudited
  @Revision("1")
  @StableName("TaskStarted")
  record TaskStarted(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      String taskId,
      String taskType,
      ToolCallId toolCallId,
      Content description)
      implements OutputEvent {}

  /** A task ended: by itself, because it was stopped, or with its process. */
  @NotAudited
  @Revision("1")
  @StableName("TaskEnded")
  record TaskEnded(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      String taskId,
      TaskStatus status,
      Content summary)
      implements OutputEvent {}

  /**
   * The agent updated its list of todos.
   *
   * @param todos the whole list as JSON: {@code [{id, content, status}]}
   */
  @NotAudited
  @Revision("1")
  @StableName("TodoUpdated")
  record TodoUpdated(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      Content todos)
      implements OutputEvent {}

  /** The conversation was summarised to reduce the context. */
  @NotAudited
  @Revision("1")
  @StableName("ContextCompacted")
  record ContextCompacted(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      String trigger,
      long tokensBefore)
      implements OutputEvent {}

  /**
   * A hook was executed.
   *
   * @param name name of the hook at that time
   * @param toolCallId the tool call's id; empty if there is none
   * @param httpStatus HTTP status; 0 if there was none
   * @param changedInput whether it changed the input of the tool
   * @param detail reason of the decision, added context, or error
   */
  @NotAudited
  @Revision("1")
  @StableName("HookExecuted")
  record HookExecuted(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      HookId hookId,
      String name,
      HookPoint point,
      String toolCallId,
      HookOutcome outcome,
      int httpStatus,
      Duration duration,
      boolean changedInput,
      Content detail)
      implements OutputEvent {}

  /**
   * A violation that an operator should examine.
   *
   * @param incident {@code unverified_message}, {@code unverified_tool_call}, {@code
   *     unverified_tool_result} or {@code unverified_result}: the CLI reported what the model
   *     gateway never passed on; {@code unverified_prompt}: it reported a prompt that mentions a
   *     file, but neither the service sent it nor can a task of the process have caused it. The
   *     process is ended and the run fails. {@code ungranted_server_call}: a call was refused and
   *     the run goes on
   */
  @NotAudited
  @Revision("1")
  @StableName("IncidentNoted")
  record IncidentNoted(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      SourcePosition sourcePosition,
      String incident,
      Content detail)
      implements OutputEvent {}
}
