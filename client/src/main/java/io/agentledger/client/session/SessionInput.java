package io.agentledger.client.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.RememberScope;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.shared.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that a client says to a session; several in one call are atomic and in order. */
public sealed interface SessionInput {
  /** What stands under {@code type} in JSON. */
  String type();

  /**
   * A query.
   *
   * @param prompt [1..100,000] characters, not blank
   */
  record Prompt(String prompt, RunOverrides wishes, List<Attachment> attachments)
      implements SessionInput {
    public Prompt {
      attachments = List.copyOf(attachments);
    }

    /** One of words alone. */
    public Prompt(String prompt, RunOverrides wishes) {
      this(prompt, wishes, List.of());
    }

    @Override
    public String type() {
      return "prompt";
    }
  }

  /** Take the session up again, paused, expired or archived as it may be. */
  record Resume() implements SessionInput {
    @Override
    public String type() {
      return "resume";
    }
  }

  /** Stop the run in progress; without one it changes nothing. */
  record Interrupt() implements SessionInput {
    @Override
    public String type() {
      return "interrupt";
    }
  }

  /** Take a query back that waits. */
  record Withdraw(QueryId queryId) implements SessionInput {
    @Override
    public String type() {
      return "withdraw";
    }
  }

  /** How much is allowed unasked, at once and from now on. */
  record SetPermissionMode(PermissionMode permissionMode) implements SessionInput {
    @Override
    public String type() {
      return "set_permission_mode";
    }
  }

  /** Which model is asked for, from the next query on. */
  record SetModel(String model) implements SessionInput {
    @Override
    public String type() {
      return "set_model";
    }
  }

  /**
   * Let a tool call go on behind the run.
   *
   * @param toolCallId null: all that are running
   */
  record SendToBackground(@Nullable ToolCallId toolCallId) implements SessionInput {
    @Override
    public String type() {
      return "send_to_background";
    }
  }

  /** A question beside the conversation; its answer comes on the stream. */
  record AskAside(String question) implements SessionInput {
    @Override
    public String type() {
      return "ask_aside";
    }
  }

  /**
   * A title by the model.
   *
   * @param about what it is for; null: the conversation
   */
  record MakeUpTitle(@Nullable String about) implements SessionInput {
    @Override
    public String type() {
      return "make_up_title";
    }
  }

  /** Stop a subagent or a background command; its run goes on. */
  record StopTask(String taskId) implements SessionInput {
    @Override
    public String type() {
      return "stop_task";
    }
  }

  /**
   * See more folders beside the workspace, from the next query on.
   *
   * @param directories names of the operator's, or absolute paths, which are for the local owner
   */
  record AddDirectories(List<String> directories) implements SessionInput {
    @Override
    public String type() {
      return "add_directories";
    }
  }

  /** See them no longer, from the next query on; by the names that they are seen under. */
  record RemoveDirectories(List<String> directories) implements SessionInput {
    @Override
    public String type() {
      return "remove_directories";
    }
  }

  /**
   * A person's word on a tool call.
   *
   * @param inputDigest when given, the decision counts for this input only
   * @param remember when given, it answers for what comes in the session, too
   */
  record Decide(
      ActionId actionId,
      Decision decision,
      @Nullable String inputDigest,
      @Nullable Json updatedInput,
      @Nullable String reason,
      @Nullable RememberScope remember)
      implements SessionInput {
    /** One that is not remembered. */
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
   * What the user says to an MCP server that asks.
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
