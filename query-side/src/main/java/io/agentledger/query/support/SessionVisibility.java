package io.agentledger.query.support;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.SessionRowRepository;

/** Checks whether a caller may see a session, for queries outside of the session feature. */
public record SessionVisibility(SessionRowRepository sessions, ReadModelAccess readModelAccess) {
  /** Rejects invisible and unknown sessions with the same message. */
  public void require(Caller caller, SessionId session) {
    if (!isVisible(caller, session))
      throw new RejectionException(new NotFound("session", session.value()));
  }

  /** Returns whether the caller may see the session, as it is after its last event. */
  public boolean isVisible(Caller caller, SessionId session) {
    readModelAccess.await("session", session, sessions::sequenceOf);
    return sessions.isVisible(viewer(caller), session.value());
  }

  /** Converts a caller to the parameter of the read models. */
  public static SessionRowRepository.SessionViewer viewer(Caller caller) {
    return new SessionRowRepository.SessionViewer(
        caller.tenant().value(),
        caller.user().value(),
        caller.has(Scope.SESSIONS_READ_ALL),
        caller.canReadDeleted());
  }
}
