package io.agentledger.command.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;

/**
 * Action that a run waits for.
 *
 * @param inputDigest digest that a decision is bound to; empty if nothing is to be decided
 * @param sequence sequence number of the request's event
 */
record PendingAction(
    ActionId id,
    RunId run,
    ToolCallId toolCall,
    Kind kind,
    String tool,
    String inputDigest,
    long sequence) {
  /** Kind of answer that an action expects. */
  enum Kind {
    PERMISSION("decision"),
    QUESTION("answer"),
    CLIENT_TOOL("tool result"),
    ELICITATION("elicitation's answer");

    private final String answerType;

    Kind(String answer) {
      this.answerType = answer;
    }

    String answer() {
      return answerType;
    }
  }
}
