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

/** One thing that a client says to a session. */
public sealed interface Input {
  /** The longest prompt, in characters. */
  int PROMPT_LENGTH_MAX = 100_000;

  /** How many files a query may mention. */
  int MENTIONS_MAX = 20;

  /** The longest path of a mention, in characters. */
  int MENTION_LENGTH_MAX = 4096;

  /**
   * A query.
   *
   * @param queryId new, chosen by the sender of the command
   * @param runId likewise, of the run that will carry it out
   * @param text [1..100,000] characters, not blank; nothing in it is a command or a mention
   * @param attachments at most {@link Attachment#COUNT_MAX}
   * @param mentions paths of files that are read for the query as the tool {@code Read} would; at
   *     most {@link #MENTIONS_MAX}
   * @param command when given, the query is this command, and {@code text} as a person types it
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

    /** One without mentions, and no command. */
    public Prompt(
        QueryId queryId,
        RunId runId,
        Cause cause,
        String text,
        RunOverrides overrides,
        List<Attachment> attachments) {
      this(queryId, runId, cause, text, overrides, attachments, List.of(), null);
    }

    /** One of words alone. */
    public Prompt(QueryId queryId, RunId runId, Cause cause, String text, RunOverrides overrides) {
      this(queryId, runId, cause, text, overrides, List.of());
    }
  }

  /**
   * Takes the session up again, paused, expired or archived as it may be, so that what is said
   * after it is heard.
   */
  record Resume() implements Input {}

  /** Stop the run in progress; without one it changes nothing. */
  record Interrupt() implements Input {}

  /** Takes a query back that waits; one that a run carries out is interrupted instead. */
  record Withdraw(QueryId queryId) implements Input {}

  /** Sets the permission mode, effective at once. */
  record SetPermissionMode(PermissionMode permissionMode) implements Input {}

  /** Sets the model from the next query on. */
  record SetModel(String model) implements Input {}

  /**
   * Folders of the host that the session sees beside its workspace, from the next query on.
   *
   * @param directories chosen by {@link io.agentledger.api.workspace.HostDirectories}
   */
  record AddDirectories(List<SessionDirectory> directories) implements Input {
    public AddDirectories {
      directories = List.copyOf(directories);
    }
  }

  /** It sees them no longer, from the next query on; one that it does not see is no error. */
  record RemoveDirectories(List<String> names) implements Input {
    public RemoveDirectories {
      names = List.copyOf(names);
    }
  }

  /** Stop a subagent or a background command; its run goes on. */
  record StopTask(String taskId) implements Input {}

  /**
   * Let a tool call that takes long go on in the background, while its run goes on with the next
   * thing: a command or a subagent.
   *
   * @param toolCallId null: all that are running
   */
  record SendToBackground(@Nullable ToolCallId toolCallId) implements Input {}

  /**
   * Ask something of the session's process that does not enter the conversation.
   *
   * @param sideRequestId new, chosen by the sender of the command
   * @param question the question, or what a title should be made of; empty: of what was asked first
   */
  record SubmitSideRequest(
      SideRequestId sideRequestId, SideRequestEvent.RequestType type, String question)
      implements Input {
    /** The longest question, in characters. */
    public static final int QUESTION_LENGTH_MAX = 10_000;

    /** How many may wait for their answers at once. */
    public static final int PENDING_MAX = 4;
  }

  /**
   * A person's word on a tool call.
   *
   * @param inputDigest when given, the decision counts for this input only
   * @param updatedInput what the tool gets instead of what the model wrote
   * @param remember when given, it answers for what comes in the session, too
   */
  record Decide(
      ActionId actionId,
      Decision decision,
      @Nullable String inputDigest,
      @Nullable Json updatedInput,
      @Nullable String reason,
      @Nullable RememberScope remember)
      implements Input {
    /** One that is not remembered. */
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
   * @param answers question -> answer, a JSON object
   */
  record Answer(ActionId actionId, Json answers) implements Input {}

  /**
   * Answer of the user to a request of an MCP server.
   *
   * @param content what was put into its form, a JSON object that its schema admits; only with
   *     ACCEPT of a form
   */
  record AnswerElicitation(
      ActionId actionId, ElicitationEvent.Answer answer, @Nullable Json content) implements Input {}

  /** A client tool's result. */
  record AnswerTool(ActionId actionId, boolean isError, Json output) implements Input {}
}
