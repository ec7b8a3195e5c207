package io.agentledger.query.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.support.ProjectionCommitSignal;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Lets a reader wait until the read model has seen all facts that its session had when it asked;
 * not for long, and not at all where a dead letter keeps it from ever getting there.
 */
final class SessionReadModelAccess {
  private static final String GROUP = "session";

  private final EventStore store;
  private final SessionRowRepository sessions;
  private final ProjectionCommitSignal projectionCommitSignal;
  private final DeadLetterReader letters;

  SessionReadModelAccess(
      EventStore store,
      SessionRowRepository sessions,
      ProjectionCommitSignal projectionCommitSignal,
      DeadLetterReader letters) {
    this.store = store;
    this.sessions = sessions;
    this.projectionCommitSignal = projectionCommitSignal;
    this.letters = letters;
  }

  /**
   * Blocks for a few seconds at most; a reader that was not helped gets what is there.
   *
   * @return whether it waited: what was read before may have changed
   */
  boolean await(SessionId session) {
    long requiredSequence =
        store.lastSequenceNumberFor(session.value()).map(last -> last + 1).orElse(0L);
    if (isReached(session, requiredSequence) || letters.contains(GROUP, session.value()))
      return false;
    projectionCommitSignal.await(
        () -> isReached(session, requiredSequence), ProjectionCommitSignal.TIMEOUT);
    return true;
  }

  private boolean isReached(SessionId session, long requiredSequence) {
    return sessions.sequenceOf(session.value()).orElse(0L) >= requiredSequence;
  }
}
