package io.agentledger.client.session;

import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ElicitationEvent;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.shared.Json;
import org.jspecify.annotations.Nullable;

/** One thing that a client says to a session; several in one call are atomic and in order. */
public sealed interface Saying {
  /** What stands under {@code type} in JSON. */
  String type();

  /**
   * A query.
   *
   * @param prompt [1..100,000] characters, not blank
   */
  record Prompt(String prompt, RunWishes wishes) implements Saying {
    @Override
    public String type() {
      return "prompt";
    }
  }

  /** Take the session up again, paused, expired or archived as it may be. */
  record Resume() implements Saying {
    @Override
    public String type() {
      return "resume";
    }
  }

  /** Stop the run in progress; without one it changes nothing. */
  record Interrupt() implements Saying {
    @Override
    public String type() {
      return "interrupt";
    }
  }

  /**
   * A person's word on a tool call.
   *
   * @param inputDigest when given, the decision counts for this input only
   */
  record Decide(
      ActionId actionId,
      Decision decision,
      @Nullable String inputDigest,
      @Nullable Json updatedInput,
      @Nullable String reason)
      implements Saying {
    @Override
    public String type() {
      return "decide";
    }
  }

  /**
   * @param answers question -> answer, a JSON object
   */
  record Answer(ActionId actionId, Json answers) implements Saying {
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
      ActionId actionId, ElicitationEvent.Answer action, @Nullable Json content) implements Saying {
    @Override
    public String type() {
      return "answer_elicitation";
    }
  }

  /** A client tool's result. */
  record AnswerTool(ActionId actionId, boolean isError, Json output) implements Saying {
    @Override
    public String type() {
      return "answer_tool";
    }
  }
}
