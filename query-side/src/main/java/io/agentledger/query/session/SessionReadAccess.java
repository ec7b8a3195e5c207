package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.OpsRejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.query.support.ReadModelAccess;
import java.util.Optional;
import java.util.function.Function;

/** Access to the read models of sessions: access check, waiting for the projection. */
record SessionReadAccess(
    SessionAccessCheck check, SessionRowRepository sessions, ReadModelAccess readModelAccess) {
  /**
   * Reads data of a session that the caller may see, after waiting for the projection if it is
   * behind. Rejects invisible and unknown sessions with the same message.
   */
  <R> R read(Caller caller, SessionId session, Function<SessionRow, R> mapper) {
    return readCurrent(caller, session, mapper)
        .orElseGet(() -> readOutdated(caller, session, mapper));
  }

  /**
   * Reads data of a session that the caller may see, once its row contains all events; empty if
   * that takes too long. Rejected while the projection is replayed.
   */
  <R> Optional<R> readCurrent(Caller caller, SessionId session, Function<SessionRow, R> mapper) {
    readModelAccess.awaitOwnWrites("session", session);
    return readIfCurrent(caller, session, mapper)
        .or(
            () -> {
              check.require(caller, session);
              readModelAccess.await("session", session, sessions::sequenceOf);
              return readIfCurrent(caller, session, mapper);
            });
  }

  /** Reads data of a session that the caller may see from its row as it is. */
  <R> R readOutdated(Caller caller, SessionId session, Function<SessionRow, R> mapper) {
    check.require(caller, session);
    return sessions
        .findByIdAndTenant(session.value(), caller.tenant().value())
        .map(mapper)
        .orElseThrow(
            () -> new RejectionException(new OpsRejection.ProjectionRebuilding("session")));
  }

  private <R> Optional<R> readIfCurrent(
      Caller caller, SessionId session, Function<SessionRow, R> mapper) {
    return sessions
        .findCurrent(session.value(), caller.tenant().value())
        .filter(row -> check.visibility().isVisible(caller, row))
        .map(mapper);
  }
}
