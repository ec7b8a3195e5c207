package io.agentledger.api.session.stream;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.shared.StableNames;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One item of a session's stream, the same on every transport: a JSON object of these fields and,
 * beside them, those of its body.
 *
 * @param type what clients switch on: init, message, partial, progress, tool, permission, question,
 *     elicitation, checkpoint, todo, status, result, error, done
 * @param event the stable name of the event it comes from; null on frames
 * @param sequence of the fact in its session, from 1 and dense; null on frames
 */
public record StreamItem(
    String type,
    @Nullable String event,
    SessionId sessionId,
    @Nullable RunId runId,
    @Nullable ThreadId threadId,
    @Nullable Long sequence,
    Instant at,
    Body body) {

  public boolean hasEvent() {
    return sequence != null;
  }

  /** A frame, now. */
  public static StreamItem transientEvent(
      SessionId session, @Nullable RunId run, @Nullable ThreadId thread, Instant at, Body body) {
    return new StreamItem(body.type(), null, session, run, thread, null, at, body);
  }

  /** The fields that one type has of its own; in JSON they stand beside the common ones. */
  public sealed interface Body
      permits StreamItem.Init,
          StreamItem.Message,
          StreamItem.Partial,
          ProgressBody,
          StreamItem.Tool,
          StreamItem.Permission,
          StreamItem.Question,
          StreamItem.Elicitation,
          StreamItem.Todo,
          StreamItem.Checkpoint,
          StreamItem.Status,
          StreamItem.Result,
          StreamItem.Error,
          StreamItem.Done {
    /** What clients switch on: the stable name. */
    default String type() {
      return StableNames.of(getClass());
    }
  }

  /** The run is set up. */
  @StableName("init")
  public record Init(
      String model,
      List<String> tools,
      List<McpServerState> mcpServers,
      PermissionMode permissionMode,
      String cliVersion,
      @Nullable Upstream upstream,
      @Nullable SandboxLevel sandbox)
      implements Body {}

  /**
   * @param origin model, or cli: the CLI wrote it itself (an error, a command's output, a summary)
   * @param block as in Anthropic's Messages API
   */
  @StableName("message")
  public record Message(
      MessageId messageId, int blockIndex, Role role, MessageOrigin origin, Json block)
      implements Body {}

  /**
   * A piece of a block that is being written.
   *
   * @param blockType text, thinking or tool_input
   * @param text of a delta; empty at start and stop
   */
  @StableName("partial")
  public record Partial(
      MessageId messageId, int blockIndex, Phase phase, String blockType, String text)
      implements Body {
    /** Position of a piece in its content block. */
    public enum Phase {
      START,
      DELTA,
      STOP
    }
  }

  /**
   * @param phase called or returned; the fields of the other one are null
   * @param resolvedPath the path that was decided about and that the tool is given, where links
   *     make it another one than the input names; else null
   */
  @StableName("tool")
  public record Tool(
      String phase,
      ToolCallId toolCallId,
      @Nullable String name,
      @Nullable Json input,
      @Nullable String resolvedPath,
      @Nullable Verdict verdict,
      @Nullable String rule,
      @Nullable Json output,
      OutputEvent.@Nullable CallStatus status,
      @Nullable Boolean isError)
      implements Body {}

  /**
   * Somebody is asked whether a tool may run, or has been.
   *
   * @param phase requested, decided or expired; fields of the others are null
   * @param actor who decided
   */
  @StableName("permission")
  public record Permission(
      String phase,
      ActionId actionId,
      @Nullable ToolCallId toolCallId,
      @Nullable String tool,
      @Nullable Json input,
      @Nullable String inputDigest,
      @Nullable String reason,
      @Nullable Instant expiresAt,
      @Nullable Decision decision,
      @Nullable String actor)
      implements Body {}

  /**
   * @param phase asked, answered or expired
   */
  @StableName("question")
  public record Question(
      String phase,
      ActionId actionId,
      @Nullable ToolCallId toolCallId,
      @Nullable Json questions,
      @Nullable Instant expiresAt,
      @Nullable Json answers,
      @Nullable String actor)
      implements Body {}

  /**
   * An MCP server asks the user something, or has.
   *
   * @param phase asked, answered, revised (a hook had the server told something else), ended,
   *     expired or completed (what was to be done at an address has been done); fields of the
   *     others are null
   * @param server by the name under which the agent knows it
   * @param mode form or url
   * @param request {@code message}, and {@code requested_schema} or {@code url} and {@code
   *     elicitation_id}
   * @param reason why it ended or expired
   * @param actor who answered
   */
  @StableName("elicitation")
  public record Elicitation(
      String phase,
      ActionId actionId,
      @Nullable ToolCallId toolCallId,
      @Nullable String server,
      ElicitationEvent.@Nullable Mode mode,
      @Nullable Json request,
      @Nullable Instant expiresAt,
      ElicitationEvent.@Nullable Answer action,
      @Nullable Json content,
      @Nullable String reason,
      @Nullable String actor)
      implements Body {}

  /** The agent's list of what it is doing. */
  @StableName("todo")
  public record Todo(Json todos) implements Body {}

  /**
   * A state of the files was kept, or gone back to.
   *
   * @param phase taken or rewound
   * @param moment opening, before or after a run; null when rewound
   */
  @StableName("checkpoint")
  public record Checkpoint(
      String phase,
      CheckpointId checkpointId,
      @Nullable String moment,
      @Nullable Long files,
      @Nullable Long bytes)
      implements Body {}

  /** Every other event, with the event's own fields, content opened. */
  @StableName("status")
  public record Status(Map<String, Object> fields) implements Body {}

  /**
   * Exactly one for each run id.
   *
   * @param stopReason completed, max_turns, refusal, budget, hook or interrupted; of a run that
   *     failed, what went wrong: model, cli, timeout, lost, unlisted_tools, output, setup, limit,
   *     integrity, fault
   * @param result the answer; of a run that failed, the error
   * @param upstream null when the run failed before anything carried it out
   */
  @StableName("result")
  public record Result(
      String stopReason,
      @Nullable String result,
      @Nullable Json structuredOutput,
      Usage usage,
      Money costUsd,
      long durationMs,
      int numTurns,
      boolean isError,
      @Nullable Upstream upstream)
      implements Body {}

  /** A failure that will be mended, or a fault of the stream itself. */
  @StableName("error")
  public record Error(String code, String detail) implements Body {}

  /** The end of a query's own stream, not of the session's. */
  @StableName("done")
  public record Done(QueryId queryId) implements Body {}
}
