package io.agentledger.api.session.query;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.event.SideRequestEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was asked beside the conversation.
 *
 * @param question what was asked, or what the title was to be made of; null where there were none
 * @param answer what the model said; null while it waits, where it failed, and where another view
 *     shows what was found
 * @param failureDetail why it failed, in words
 * @param sequence of the fact that asked it
 */
public record SideRequestView(
    SideRequestId id,
    SessionId sessionId,
    SideRequestEvent.RequestType type,
    Status status,
    @Nullable String question,
    @Nullable String answer,
    SideRequestEvent.@Nullable FailureReason failureReason,
    @Nullable String failureDetail,
    String requestedBy,
    long sequence,
    Instant requestedAt,
    @Nullable Instant completedAt) {

  /** Status of a side request. */
  public enum Status {
    PENDING,
    ANSWERED,
    FAILED
  }
}
