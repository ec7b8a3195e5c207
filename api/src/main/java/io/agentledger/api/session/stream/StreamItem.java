package io.agentledger.api.session.stream;

import io.agentledger.api.model.ModelUsage;
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
import io.agentledger.api.workspace.PathChange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One item of a session's stream, the same on every transport: a JSON object of these fields and
 * those of its body.
 *
 * @param type discriminator for clients: init, message, partial, progress, tool, permission,
 *     question, elicitation, checkpoint, todo, status, result, error, done
 * @param event stable name of its event; null for transient events
 * @param parentToolUseId tool call that started the subagent whose thread it is; null for the agent
 *     itself
 * @param sequence sequence of the event in its session, from 1 and dense; null for transient events
 */
public record StreamItem(
    String type,
    @Nullable String event,
    SessionId sessionId,
    @Nullable RunId runId,
    @Nullable ThreadId threadId,
    @Nullable ToolCallId parentToolUseId,
    @Nullable Long sequence,
    Instant at,
    Body body) {

  public boolean hasEvent() {
    return sequence != null;
  }

  /** Creates a transient event with the current time. */
  public static StreamItem transientEvent(
      SessionId session, @Nullable RunId run, @Nullable ThreadId thread, Instant at, Body body) {
    return new StreamItem(body.type(), null, session, run, thread, null, null, at, body);
  }

  /** Returns the same item as one of a subagent that the tool call started. */
  public StreamItem withParentToolUse(ToolCallId toolCall) {
    return new StreamItem(type, event, sessionId, runId, threadId, toolCall, sequence, at, body);
  }

  /** Fields of one type; in JSON they are beside the common ones. */
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
    /** Returns the stable name of the type. */
    default String type() {
      return StableNames.of(getClass());
    }
  }

  /**
   * The CLI has initialized the run.
   *
   * @param commands names of the commands, without the slash
   * @param skills names of the skills; those of a plugin begin with its name and a colon
   * @param agents names of the subagents, built-in ones included
   * @param plugins names of the plugins that were loaded
   */
  @StableName("init")
  public record Init(
      String model,
      List<String> tools,
      List<McpServerState> mcpServers,
      List<String> commands,
      List<String> skills,
      List<String> agents,
      List<String> plugins,
      PermissionMode permissionMode,
      String cliVersion,
      @Nullable Upstream upstream,
      @Nullable SandboxLevel sandbox)
      implements Body {}

  /**
   * A content block of a message.
   *
   * @param origin model, or cli: the CLI wrote it itself (an error, a command's output, a summary)
   * @param block as in Anthropic's Messages API
   * @param usage tokens of the whole answer, on its last block only
   */
  @StableName("message")
  public record Message(
      MessageId messageId,
      int blockIndex,
      Role role,
      MessageOrigin origin,
      Json block,
      @Nullable Usage usage)
      implements Body {}

  /**
   * A part of a block that is being written.
   *
   * @param blockType text, thinking or tool_input
   * @param text of a delta; empty at start and stop
   */
  @StableName("partial")
  public record Partial(
      MessageId messageId, int blockIndex, Phase phase, String blockType, String text)
      implements Body {
    /** Position of a part in its content block. */
    public enum Phase {
      START,
      DELTA,
      STOP
    }
  }

  /**
   * A tool call or its result.
   *
   * @param phase called or returned; the fields of the other one are null
   * @param resolvedPath path that was decided about and that the tool gets, if links make it differ
   *     from the path in the input; else null
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
   * A permission request or its decision.
   *
   * @param phase requested, decided or expired; fields of the others are null
   * @param actor user who decided
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
   * Questions of the agent or their answers.
   *
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
   * A request of an MCP server to the user, or its answer.
   *
   * @param phase asked, answered, revised (a hook replaced the user's answer), ended, expired or
   *     completed (the interaction at a URL is complete); fields of the others are null
   * @param server name under which the agent knows the server
   * @param mode form or url
   * @param request {@code message}, and {@code requested_schema} or {@code url} and {@code
   *     elicitation_id}
   * @param reason reason of the end or the expiry
   * @param actor user who answered
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

  /** The agent's list of todos. */
  @StableName("todo")
  public record Todo(Json todos) implements Body {}

  /**
   * A checkpoint was taken, or the files were restored to one. Of the latter, all fields but phase
   * and checkpointId are null.
   *
   * @param phase taken or rewound
   * @param moment opening, before or after a run, before_rewind, before_branch
   * @param cause why it was taken, in words
   * @param changedFileCount number of files that differ from the checkpoint or rewind before; null
   *     if unknown
   * @param changedFiles the first 100 of them, by path
   */
  @StableName("checkpoint")
  public record Checkpoint(
      String phase,
      CheckpointId checkpointId,
      @Nullable String moment,
      @Nullable String cause,
      @Nullable Long files,
      @Nullable Long bytes,
      @Nullable Long changedFileCount,
      @Nullable List<PathChange> changedFiles)
      implements Body {}

  /** Any other event, with its own fields and opened content. */
  @StableName("status")
  public record Status(Map<String, Object> fields) implements Body {}

  /**
   * Result of a run; exactly one for each run id.
   *
   * @param stopReason completed, max_turns, refusal, budget, hook or interrupted; for a failed run,
   *     the kind of the failure: model, cli, timeout, lost, unlisted_tools, output, setup, limit,
   *     integrity, fault
   * @param result the answer; for a failed run, the error
   * @param modelUsage usage and costs by model, in order of their first turns
   * @param upstream null if the run failed before it started
   */
  @StableName("result")
  public record Result(
      String stopReason,
      @Nullable String result,
      @Nullable Json structuredOutput,
      Usage usage,
      List<ModelUsage> modelUsage,
      Money costUsd,
      long durationMs,
      int numTurns,
      boolean isError,
      @Nullable Upstream upstream)
      implements Body {}

  /** A temporary failure, or an error of the stream itself. */
  @StableName("error")
  public record Error(String code, String detail) implements Body {}

  /**
   * The end of a query's own stream, after which the session's stream continues, or of a playback.
   *
   * @param queryId null for a playback
   */
  @StableName("done")
  public record Done(@Nullable QueryId queryId, Reason reason) implements Body {
    /** Reason why the stream has ended. */
    public enum Reason {
      /** The run has ended; its result is the item before. */
      RUN_ENDED,
      /** A run of the session waits for budget, so the query has no result yet. */
      BUDGET_PAUSED,
      /** The query was withdrawn before its run began. */
      QUERY_WITHDRAWN,
      /** The last event was played back. */
      PLAYED_BACK
    }
  }
}
