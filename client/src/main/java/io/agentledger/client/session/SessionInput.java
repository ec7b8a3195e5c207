package io.agentledger.client.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SlashCommand;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.shared.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One input of a client to a session; several in one call are atomic and in order. */
public sealed interface SessionInput {
  /** The value of {@code type} in JSON. */
  String type();

  /**
   * A query.
   *
   * @param prompt [1..100,000] characters, not blank; text alone, whatever stands in it
   * @param mentions up to 20 paths of files that the agent is given with it, as far as its policies
   *     let it read them
   */
  record Prompt(
      String prompt, RunOverrides overrides, List<Attachment> attachments, List<String> mentions)
      implements SessionInput {
    public Prompt {
      attachments = List.copyOf(attachments);
      mentions = List.copyOf(mentions);
    }

    /** A prompt without mentions. */
    public Prompt(String prompt, RunOverrides overrides, List<Attachment> attachments) {
      this(prompt, overrides, attachments, List.of());
    }

    /** A prompt without attachments. */
    public Prompt(String prompt, RunOverrides overrides) {
      this(prompt, overrides, List.of());
    }

    @Override
    public String type() {
      return "prompt";
    }
  }

  /**
   * A query that is a slash command.
   *
   * @param mentions as of a prompt
   */
  record Command(SlashCommand command, RunOverrides overrides, List<String> mentions)
      implements SessionInput {
    public Command {
      mentions = List.copyOf(mentions);
    }

    @Override
    public String type() {
      return "command";
    }
  }

  /** Resumes a paused, expired or archived session. */
  record Resume() implements SessionInput {
    @Override
    public String type() {
      return "resume";
    }
  }

  /** Stops the run in progress; without one it changes nothing. */
  record Interrupt() implements SessionInput {
    @Override
    public String type() {
      return "interrupt";
    }
  }

  /** Withdraws a queued query. */
  record Withdraw(QueryId queryId) implements SessionInput {
    @Override
    public String type() {
      return "withdraw";
    }
  }

  /** Sets the permission mode, at once and for the queries to come. */
  record SetPermissionMode(PermissionMode permissionMode) implements SessionInput {
    @Override
    public String type() {
      return "set_permission_mode";
    }
  }

  /** Sets the model, from the next query on. */
  record SetModel(String model) implements SessionInput {
    @Override
    public String type() {
      return "set_model";
    }
  }

  /**
   * Moves a running tool call to the background.
   *
   * @param toolCallId null: all running calls
   */
  record SendToBackground(@Nullable ToolCallId toolCallId) implements SessionInput {
    @Override
    public String type() {
      return "send_to_background";
    }
  }

  /** A question beside the conversation; its answer arrives on the stream. */
  record AskSideQuestion(String question) implements SessionInput {
    @Override
    public String type() {
      return "ask_side_question";
    }
  }

  /**
   * Has the model generate a title.
   *
   * @param description of what the title is for; null: the conversation
   */
  record GenerateTitle(@Nullable String description) implements SessionInput {
    @Override
    public String type() {
      return "generate_title";
    }
  }

  /** Stops a subagent or a background command; its run goes on. */
  record StopTask(String taskId) implements SessionInput {
    @Override
    public String type() {
      return "stop_task";
    }
  }

  /**
   * Adds directories beside the workspace, from the next query on.
   *
   * @param directories names that the operator configured, or absolute paths (local owner only)
   */
  record AddDirectories(List<String> directories) implements SessionInput {
    @Override
    public String type() {
      return "add_directories";
    }
  }

  /** Removes directories, from the next query on, by the names that they are mounted under. */
  record RemoveDirectories(List<String> directories) implements SessionInput {
    @Override
    public String type() {
      return "remove_directories";
    }
  }

  /**
   * A decision about a tool call.
   *
   * @param inputDigest when given, the decision counts for this input only
   * @param remember when given, the decision also answers later requests of the session
   */
  record Decide(
      ActionId actionId,
      Decision decision,
      @Nullable String inputDigest,
      @Nullable Json updatedInput,
      @Nullable String reason,
      @Nullable RememberScope remember)
      implements SessionInput {
    /** A decision that is not remembered. */
    public Decide(
        ActionId actionId,
        Decision decision,
        @Nullable String inputDigest,
        @Nullable Json updatedInput,
        @Nullable String reason) {
      this(actionId, decision, inputDigest, updatedInput, reason, null);
    }

    @Override
    public String type() {
      return "decide";
    }
  }

  /**
   * @param answers question -> answer, a JSON object
   */
  record Answer(ActionId actionId, Json answers) implements SessionInput {
    @Override
    public String type() {
      return "answer";
    }
  }

  /**
   * The answer to an elicitation of an MCP server.
   *
   * @param content of an accepted form, a JSON object; else null
   */
  record AnswerElicitation(
      ActionId actionId, ElicitationEvent.Answer action, @Nullable Json content)
      implements SessionInput {
    @Override
    public String type() {
      return "answer_elicitation";
    }
  }

  /** A client tool's result. */
  record AnswerTool(ActionId actionId, boolean isError, Json output) implements SessionInput {
    @Override
    public String type() {
      return "answer_tool";
    }
  }
}
