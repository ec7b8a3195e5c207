package io.agentledger.command.session;

import io.agentledger.api.session.Input;
import io.agentledger.api.session.SessionId;

/** The forms that MCP servers want filled in, to hold answers to. */
@FunctionalInterface
interface Forms {
  /**
   * @param sequence of the fact that asked
   * @throws io.agentledger.api.shared.Rejected if the content is not what was asked for
   */
  void check(SessionId session, long sequence, Input.AnswerElicitation answer);
}
