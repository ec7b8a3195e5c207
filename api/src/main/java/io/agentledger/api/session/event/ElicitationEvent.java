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
    /** To open an address and see to it there; what is said there the service never hears. */
    URL
  }

  /** Kind of the user's answer. */
  enum Answer {
    ACCEPT,
    DECLINE,
    CANCEL
  }

  /** Why nobody's answer is of use any more. */
  enum EndReason {
    /** The server took its question back, or its call ended without the answer. */
    WITHDRAWN,
    /** The connection to the server has ended, and the question with it. */
    CONNECTION_LOST,
    /** No hook answered it, and in this mode nobody else is asked. */
    NOT_PRESENTED
  }

  /**
   * @param server by the name under which the agent knows it
   * @param request message, and schema or address, a JSON object in the words of MCP
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
   * The request of an MCP server was answered. The metadata names the person, unless a hook
   * answered.
   *
   * @param content of the form, a JSON object; absent if nothing was put in
   */
  @Revision("1")
  @StableName("ElicitationAnswered")
  record ElicitationAnswered(
      SessionId sessionId, ActionId actionId, Answer answer, boolean byHook, Content content)
      implements ElicitationEvent, RunnerEvent {}

  /** A hook had the server told something else than what the user said. */
  @Revision("1")
  @StableName("ElicitationRevised")
  record ElicitationRevised(SessionId sessionId, ActionId actionId, Answer answer, Content content)
      implements ElicitationEvent, RunnerEvent {}

  /** It ended without an answer. */
  @Revision("1")
  @StableName("ElicitationEnded")
  record ElicitationEnded(SessionId sessionId, ActionId actionId, EndReason endReason)
      implements ElicitationEvent, RunnerEvent {}

  /** The server says that what was to be done at its address has been done. */
  @Revision("1")
  @StableName("ElicitationCompleted")
  record ElicitationCompleted(SessionId sessionId, ActionId actionId)
      implements ElicitationEvent, RunnerEvent {}
}
