package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;

/** Validates answers against the forms of MCP servers. */
@FunctionalInterface
interface ElicitationFormValidator {
  /**
   * Validates an answer.
   *
   * @param sequence sequence number of the event of the request
   * @throws io.agentledger.api.shared.RejectionException if the content does not match the form
   */
  void check(SessionId session, long sequence, Input.AnswerElicitation answer);
}
