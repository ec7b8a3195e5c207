package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/**
 * Events of requests to a session's process beside its conversation, and of its reports. None of
 * them becomes part of the conversation.
 */
public sealed interface SideRequestEvent extends SessionEvent {
  /** Kind of a side request. */
  enum RequestType {
    /** A question about the conversation, answered by the model without tools. */
    QUESTION,
    /** A title that the model generates; the session is renamed to it. */
    TITLE,
    /** The use of the context window: {@link ContextMeasured}. */
    CONTEXT,
    /**
     * The capabilities of the process: {@link CapabilitiesReported}, unless they have not changed.
     */
    CAPABILITIES
  }

  /** Reason for a missing answer. */
  enum FailureReason {
    /** It timed out, or no process was available. */
    EXPIRED,
    /**
     * The model did not answer: its API failed, a budget is used up, or it tried to call a tool.
     */
    MODEL,
    /** The process could not execute the request. */
    PROCESS
  }

  /**
   * A side request was submitted. The metadata names the user.
   *
   * @param question the question, or the text that the title is generated from; absent if there is
   *     none
   */
  @Revision("1")
  @StableName("SideRequestSubmitted")
  record SideRequestSubmitted(
      SessionId sessionId, SideRequestId sideRequestId, RequestType requestType, Content question)
      implements SideRequestEvent {}

  /**
   * A side request was answered.
   *
   * @param answer answer of the model; absent if the event right before this one contains the
   *     result
   */
  @Revision("1")
  @StableName("SideRequestAnswered")
  record SideRequestAnswered(SessionId sessionId, SideRequestId sideRequestId, Content answer)
      implements SideRequestEvent {}

  /** A side request failed permanently. */
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
   * @param model model of the window
   * @param tokens used tokens
   * @param tokensMax size of the window
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
   * @param digest SHA-256 of the capabilities, hex
   * @param capabilities commands, agents, models and output styles, a JSON object
   */
  @Revision("1")
  @StableName("CapabilitiesReported")
  record CapabilitiesReported(
      SessionId sessionId, ProcessId processId, String digest, Content capabilities)
      implements SideRequestEvent {}
}
