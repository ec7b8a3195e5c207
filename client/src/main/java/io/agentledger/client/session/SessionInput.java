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

/**
 * Input of a client to a session. Several inputs in one call are processed atomically and in order.
 */
public sealed interface SessionInput {
  /** The value of {@code type} in JSON. */
  String type();

  /**
   * Query with a prompt.
   *
   * @param prompt [1..100,000] characters, not blank; plain text without special syntax
   * @param mentions up to 20 paths of files that the agent gets with the prompt, if its policies
   *     permit reading them
   */
  record Prompt(
      String prompt, RunOverrides overrides, List<Attachment> attachments, List<String> mentions)
      implements SessionInput {
    public Prompt {
      attachments = List.copyOf(attachments);
      mentions = List.copyOf(mentions);
    }

    /** Creates a prompt without mentions. */
    public Prompt(String prompt, RunOverrides overrides, List<Attachment> attachments) {
      this(prompt, overrides, attachments, List.of());
    }

    /** Creates a prompt without attachments. */
    public Prompt(String prompt, RunOverrides overrides) {
      this(prompt, overrides, List.of());
    }

    @Override
    public String type() {
      return "prompt";
    }
  }

  /**
   * Query with a slash command.
   *
   * @param mentions as for a prompt
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

  /** Stops the run in progress and the session's background tasks. */
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

  /** Sets the permission mode, at once and for later queries. */
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

  /** Asks a question beside the conversation; its answer arrives on the stream. */
  record AskSideQuestion(String question) implements SessionInput {
    @Override
    public String type() {
      return "ask_side_question";
    }
  }

  /**
   * Requests a title from the model.
   *
   * @param description text to make the title for; null: the conversation
   */
  record GenerateTitle(@Nullable String description) implements SessionInput {
    @Override
    public String type() {
      return "generate_title";
    }
  }

  /** Stops a subagent or a background command; its run continues. */
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

  /** Removes directories by the names that they are mounted under, from the next query on. */
  record RemoveDirectories(List<String> directories) implements SessionInput {
    @Override
    public String type() {
      return "remove_directories";
    }
  }

  /**
   * Decision about a tool call.
   *
   * @param inputDigest if given, the decision is valid for this input only
   * @param remember if given, the decision also answers later requests of the session
   */
  record Decide(
      ActionId actionId,
      Decision decision,
      @Nullable String inputDigest,
      @Nullable Json updatedInput,
      @Nullable String reason,
      @Nullable RememberScope remember)
      implements SessionInput {
    /** Creates a decision that is not remembered. */
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
   * Answer to questions of the agent.
   *
   * @param answers question -> answer, a JSON object
   */
  record Answer(ActionId actionId, Json answers) implements SessionInput {
    @Override
    public String type() {
      return "answer";
    }
  }

  /**
   * Answer to an elicitation of an MCP server.
   *
   * @param content content of an accepted form, a JSON object; otherwise null
   */
  record AnswerElicitation(
      ActionId actionId, ElicitationEvent.Answer action, @Nullable Json content)
      implements SessionInput {
    @Override
    public String type() {
      return "answer_elicitation";
    }
  }

  /** Result of a client tool. */
  record AnswerTool(ActionId actionId, boolean isError, Json output) implements SessionInput {
    @Override
    public String type() {
      return "answer_tool";
    }
  }
}
