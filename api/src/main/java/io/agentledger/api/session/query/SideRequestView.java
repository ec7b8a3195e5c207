package io.agentledger.api.session.query;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.event.SideRequestEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A side request.
 *
 * @param question the question, or the text that the title is generated from; null if there is none
 * @param answer answer of the model; null while it is pending, if it failed, and if another view
 *     shows the result
 * @param failureDetail reason of the failure, as text
 * @param sequence sequence of its first event
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
