package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;

/** The forms that MCP servers want filled in, to hold answers to. */
@FunctionalInterface
interface ElicitationFormValidator {
  /**
   * @param sequence of the fact that asked
   * @throws io.agentledger.api.shared.RejectionException if the content is not what was asked for
   */
  void check(SessionId session, long sequence, Input.AnswerElicitation answer);
}
