package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;

/** Validates answers against what was asked: questions of the agent, forms of MCP servers. */
interface AnswerValidator {
  /**
   * Validates an answer to questions of the agent.
   *
   * @param sequence sequence number of the event of the request
   * @throws io.agentledger.api.shared.RejectionException if the answers do not match the questions
   */
  void check(SessionId session, long sequence, Input.Answer answer);

  /**
   * Validates an answer to a form of an MCP server.
   *
   * @param sequence sequence number of the event of the request
   * @throws io.agentledger.api.shared.RejectionException if the content does not match the form
   */
  void check(SessionId session, long sequence, Input.AnswerElicitation answer);
}
