package io.agentledger.api.session.command;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.QueryEvent.Cause;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.shared.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One input of a client to a session. */
public sealed interface Input {
  /** The longest prompt, in characters. */
  int PROMPT_LENGTH_MAX = 100_000;

  /** Maximum number of files that a query may mention. */
  int MENTIONS_MAX = 20;

  /** The longest path of a mention, in characters. */
  int MENTION_LENGTH_MAX = 4096;

  /**
   * A query.
   *
   * @param queryId new, chosen by the sender of the command
   * @param runId new id of the run that will execute it, chosen by the sender
   * @param text [1..100,000] characters, not blank; it is never interpreted as a command or a
   *     mention
   * @param attachments at most {@link Attachment#COUNT_MAX}
   * @param mentions paths of files that are read for the query as the tool {@code Read} would; at
   *     most {@link #MENTIONS_MAX}
   * @param command if given, the query is this command, and {@code text} is its typed form
   */
  record Prompt(
      QueryId queryId,
      RunId runId,
      Cause cause,
      String text,
      RunOverrides overrides,
      List<Attachment> attachments,
      List<String> mentions,
      @Nullable SlashCommand command)
      implements Input {
    public Prompt {
      attachments = List.copyOf(attachments);
      mentions = List.copyOf(mentions);
    }

    /** Creates a query without mentions and command. */
    public Prompt(
        QueryId queryId,
        RunId runId,
        Cause cause,
        String text,
        RunOverrides overrides,
        List<Attachment> attachments) {
      this(queryId, runId, cause, text, overrides, attachments, List.of(), null);
    }

    /** Creates a query of text only. */
    public Prompt(QueryId queryId, RunId runId, Cause cause, String text, RunOverrides overrides) {
      this(queryId, runId, cause, text, overrides, List.of());
    }
  }

  /** Resumes a paused, expired or archived session, so that it accepts the inputs that follow. */
  record Resume() implements Input {}

  /** Stops the run in progress; does nothing without one. */
  record Interrupt() implements Input {}

  /** Withdraws a queued query; a query that a run executes is interrupted instead. */
  record Withdraw(QueryId queryId) implements Input {}

  /**
   * Withdraws a query if it is queued, and interrupts its run if it is in progress; other queries
   * and runs continue. Does nothing once the run has ended.
   */
  record CancelQuery(QueryId queryId, RunId runId) implements Input {}

  /** Sets the permission mode, effective at once. */
  record SetPermissionMode(PermissionMode permissionMode) implements Input {}

  /** Sets the model from the next query on. */
  record SetModel(String model) implements Input {}

  /**
   * Mounts directories of the host beside the workspace, from the next query on.
   *
   * @param directories resolved by {@link io.agentledger.api.workspace.HostDirectories}
   */
  record AddDirectories(List<SessionDirectory> directories) implements Input {
    public AddDirectories {
      directories = List.copyOf(directories);
    }
  }

  /** Removes mounted directories, from the next query on; unknown names are ignored. */
  record RemoveDirectories(List<String> names) implements Input {
    public RemoveDirectories {
      names = List.copyOf(names);
    }
  }

  /** Stops a subagent or a background command; its run continues. */
  record StopTask(String taskId) implements Input {}

  /**
   * Moves running tool calls, commands or subagents, to the background, so that the run continues.
   *
   * @param toolCallId null: all running calls
   */
  record SendToBackground(@Nullable ToolCallId toolCallId) implements Input {}

  /**
   * Sends a request to the session's process that does not become part of the conversation.
   *
   * @param sideRequestId new, chosen by the sender of the command
   * @param question the question, or the text that a title is generated from; empty: the first
   *     query of the session
   */
  record SubmitSideRequest(
      SideRequestId sideRequestId, SideRequestEvent.RequestType type, String question)
      implements Input {
    /** The longest question, in characters. */
    public static final int QUESTION_LENGTH_MAX = 10_000;

    /** Maximum number of unanswered side requests. */
    public static final int PENDING_MAX = 4;
  }

  /**
   * Decision of a user about a tool call.
   *
   * @param inputDigest if given, the decision applies to this input only
   * @param updatedInput input that replaces the model's
   * @param remember if given, the decision also applies to later calls of the session
   */
  record Decide(
      ActionId actionId,
      Decision decision,
      @Nullable String inputDigest,
      @Nullable Json updatedInput,
      @Nullable String reason,
      @Nullable RememberScope remember)
      implements Input {
    /** Creates a decision that is not remembered. */
    public Decide(
        ActionId actionId,
        Decision decision,
        @Nullable String inputDigest,
        @Nullable Json updatedInput,
        @Nullable String reason) {
      this(actionId, decision, inputDigest, updatedInput, reason, null);
    }
  }

  /**
   * Answers of a user to questions of the agent.
   *
   * @param answers question -> answer, a JSON object
   */
  record Answer(ActionId actionId, Json answers) implements Input {}

  /**
   * Answer of the user to a request of an MCP server.
   *
   * @param content values of the form, a JSON object that matches its schema; only with ACCEPT of a
   *     form
   */
  record AnswerElicitation(
      ActionId actionId, ElicitationEvent.Answer answer, @Nullable Json content) implements Input {}

  /** Result of a client tool. */
  record AnswerTool(ActionId actionId, boolean isError, Json output) implements Input {}
}
