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
final class ReadYourWritesWaiter {
  private static final String GROUP = "session";

  private final EventStore store;
  private final SessionRowRepository sessions;
  private final ProjectionCommitSignal projectionCommitSignal;
  private final DeadLetterReader letters;

  ReadYourWritesWaiter(
      EventStore store,
      SessionRowRepository sessions,
      ProjectionCommitSignal projectionCommitSignal,
      DeadLetterReader letters) {
    this.store = store;
    this.sessions = sessions;
    this.projectionCommitSignal = projectionCommitSignal;
    this.letters = letters;
  }

  /** Blocks for a few seconds at most; a reader that was not helped gets what is there. */
  void await(SessionId session) {
    long wanted = store.lastSequenceNumberFor(session.value()).map(last -> last + 1).orElse(0L);
    if (isThere(session, wanted) || letters.hold(GROUP, session.value())) return;
    projectionCommitSignal.await(() -> isThere(session, wanted), ProjectionCommitSignal.TIMEOUT);
  }

  private boolean isThere(SessionId session, long wanted) {
    return sessions.sequenceOf(session.value()).orElse(0L) >= wanted;
  }
}
