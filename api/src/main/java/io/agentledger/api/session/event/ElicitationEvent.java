package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of requests that an MCP server sends to the user during a call. */
public sealed interface ElicitationEvent extends ActionEvent {
  /** Form of a request to the user. */
  enum Mode {
    /** For values that the server describes by a schema. */
    FORM,
    /**
     * Opens a URL at which the user acts; the service does not receive the values entered there.
     */
    URL
  }

  /** Kind of the user's answer. */
  enum Answer {
    ACCEPT,
    DECLINE,
    CANCEL
  }

  /** Reason why an elicitation cannot be answered any more. */
  enum EndReason {
    /** The server withdrew its request, or its call ended without the answer. */
    WITHDRAWN,
    /** The connection to the server has ended, and the request with it. */
    CONNECTION_LOST,
    /** No hook answered it, and the execution mode does not ask users. */
    NOT_PRESENTED
  }

  /**
   * An MCP server asks the user.
   *
   * @param server name under which the agent knows the server
   * @param request message, and schema or URL, a JSON object in the format of MCP
   */
  @Revision("1")
  @StableName("ElicitationRequested")
  record ElicitationRequested(
      SessionId sessionId,
      RunId runId,
      ThreadId threadId,
      ActionId actionId,
      ToolCallId toolCallId,
      String server,
      Mode mode,
      AnswerTimeout answerTimeout,
      Content request)
      implements ElicitationEvent, RunnerEvent.ActionRequest {}

  /**
   * The request of an MCP server was answered. The metadata names the user, unless a hook answered.
   *
   * @param content of the form, a JSON object; absent if it is empty
   */
  @Revision("1")
  @StableName("ElicitationAnswered")
  record ElicitationAnswered(
      SessionId sessionId, ActionId actionId, Answer answer, boolean byHook, Content content)
      implements ElicitationEvent, RunnerEvent {}

  /** A hook replaced the user's answer to the server. */
  @Revision("1")
  @StableName("ElicitationRevised")
  record ElicitationRevised(SessionId sessionId, ActionId actionId, Answer answer, Content content)
      implements ElicitationEvent, RunnerEvent {}

  /** The request ended without an answer. */
  @Revision("1")
  @StableName("ElicitationEnded")
  record ElicitationEnded(SessionId sessionId, ActionId actionId, EndReason endReason)
      implements ElicitationEvent, RunnerEvent {}

  /** The server reported that the interaction at its URL is complete. */
  @Revision("1")
  @StableName("ElicitationCompleted")
  record ElicitationCompleted(SessionId sessionId, ActionId actionId)
      implements ElicitationEvent, RunnerEvent {}
}
