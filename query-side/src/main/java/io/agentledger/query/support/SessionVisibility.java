package io.agentledger.query.support;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.support.ProjectionCommitSignal;
import java.time.Duration;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Checks whether a caller may see a session, for queries outside of the session feature. It waits
 * up to two seconds until the read model has caught up with the session.
 */
public final class SessionVisibility {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final SessionRowRepository sessions;
  private final EventStore store;
  private final ProjectionCommitSignal projectionCommitSignal;

  public SessionVisibility(
      SessionRowRepository sessions,
      EventStore store,
      ProjectionCommitSignal projectionCommitSignal) {
    this.sessions = sessions;
    this.store = store;
    this.projectionCommitSignal = projectionCommitSignal;
  }

  /** Refuses what may not be seen in the same words as what does not exist. */
  public void require(Caller caller, SessionId session) {
    long requiredSequence =
        store.lastSequenceNumberFor(session.value()).map(last -> last + 1).orElse(0L);
    projectionCommitSignal.await(
        () -> sessions.sequenceOf(session.value()).orElse(0L) >= requiredSequence, TIMEOUT);
    if (!sessions.isVisible(viewer(caller), session.value()))
      throw new RejectionException(new NotFound("session", session.value()));
  }

  /** As the read models ask for those whom a caller may see. */
  public static SessionRowRepository.SessionViewer viewer(Caller caller) {
    return new SessionRowRepository.SessionViewer(
        caller.tenant().value(), caller.user().value(), caller.has(Scope.SESSIONS_READ_ALL));
  }
}
