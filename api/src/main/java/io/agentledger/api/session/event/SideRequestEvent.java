package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/**
 * Events of requests to a session's process beside its conversation, and of what they tell about
 * the process. None of them enters the conversation, whether a run is in progress or not.
 */
public sealed interface SideRequestEvent extends SessionEvent {
  /** Kind of a side request. */
  enum RequestType {
    /** A question about the conversation, answered by the model without tools. */
    QUESTION,
    /** A title that the model makes up; the session is called so from then on. */
    TITLE,
    /** What fills the context window: {@link ContextMeasured}. */
    CONTEXT,
    /** What the process has to offer: {@link CapabilitiesReported}, unless nothing has changed. */
    CAPABILITIES
  }

  /** Why there is no answer. */
  enum FailureReason {
    /** It took too long, or nobody could ask the process. */
    EXPIRED,
    /**
     * The model did not answer: its API failed, a budget is spent, or it wanted to do something.
     */
    MODEL,
    /** The process did not do what it was asked. */
    PROCESS
  }

  /**
   * A side request was submitted. The metadata names the person who asked.
   *
   * @param question the question, or what the title should be made of; absent where there are none
   */
  @Revision("1")
  @StableName("SideRequestSubmitted")
  record SideRequestSubmitted(
      SessionId sessionId, SideRequestId sideRequestId, RequestType requestType, Content question)
      implements SideRequestEvent {}

  /**
   * @param answer what the model said; absent where another fact right before this one tells
   */
  @Revision("1")
  @StableName("SideRequestAnswered")
  record SideRequestAnswered(SessionId sessionId, SideRequestId sideRequestId, Content answer)
      implements SideRequestEvent {}

  /** It has no answer, and will have none. */
  @Revision("1")
  @StableName("SideRequestFailed")
  record SideRequestFailed(
      SessionId sessionId,
      SideRequestId sideRequestId,
      FailureReason failureReason,
      Content failureDetail)
      implements SideRequestEvent {}

  /**
   * The context usage was measured, as Claude Code counts it.
   *
   * @param model whose window it is
   * @param tokens that are in it
   * @param tokensMax that it holds
   * @param breakdown by category, tool, memory file, agent and skill, a JSON object
   */
  @Revision("1")
  @StableName("ContextMeasured")
  record ContextMeasured(
      SessionId sessionId, String model, long tokens, long tokensMax, Content breakdown)
      implements SideRequestEvent {}

  /**
   * A process of the session reported capabilities that differ from the known ones.
   *
   * @param digest SHA-256 of what it is, hex
   * @param capabilities commands, agents, models and output styles, a JSON object
   */
  @Revision("1")
  @StableName("CapabilitiesReported")
  record CapabilitiesReported(
      SessionId sessionId, ProcessId processId, String digest, Content capabilities)
      implements SideRequestEvent {}
}
