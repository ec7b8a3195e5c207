package io.agentledger.command.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;

/**
 * Action that a run waits for.
 *
 * @param inputDigest what a decision is bound to; empty where nothing is decided
 * @param sequence the place of what asked in the session's stream
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
