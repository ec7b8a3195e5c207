package io.agentledger.api.task;

import io.agentledger.api.session.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Attempt of an execution.
 *
 * @param attempt from 1
 * @param error null unless it failed
 */
public record ExecutionAttempt(
    int attempt,
    SessionId sessionId,
    ExecutionStatus status,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable ExecutionFailure error) {
  /** Returns the attempt with another status, which ends it if it is final. */
  public ExecutionAttempt with(
      ExecutionStatus newStatus, @Nullable ExecutionFailure failure, Instant at) {
    return new ExecutionAttempt(
        attempt, sessionId, newStatus, startedAt, newStatus.isFinal() ? at : null, failure);
  }
}
