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
import java.util.function.Supplier;

/**
 * Access to the read models of sessions: access check, waiting for the projection, transactions.
 */
record SessionReadAccess(
    SessionAccessCheck check, SessionRowRepository sessions, ReadModelAccess readModelAccess) {
  /**
   * Reads data of a session that the caller may see: in one transaction, or after waiting for the
   * projection if it is behind. Rejects invisible and unknown sessions with the same message.
   */
  <R> R read(Caller caller, SessionId session, Function<SessionRow, R> mapper) {
    readModelAccess.awaitOwnWrites("session", session);
    return readIfCurrent(caller, session, mapper)
        .or(
            () -> {
              readModelAccess.await("session", session, sessions::sequenceOf);
              return readIfCurrent(caller, session, mapper);
            })
        .orElseGet(
            () -> {
              check.require(caller, session);
              return read(
                  () ->
                      find(caller, session)
                          .map(mapper)
                          .orElseThrow(
                              () ->
                                  new RejectionException(
                                      new OpsRejection.ProjectionRebuilding("session"))));
            });
  }

  private <R> Optional<R> readIfCurrent(
      Caller caller, SessionId session, Function<SessionRow, R> mapper) {
    return readModelAccess.readIfCurrent(
        session,
        () -> find(caller, session).filter(row -> check.isVisible(caller, row)),
        SessionRow::sequence,
        mapper);
  }

  private Optional<SessionRow> find(Caller caller, SessionId session) {
    return sessions.findByIdAndTenant(session.value(), caller.tenant().value());
  }

  <R> R read(Supplier<R> query) {
    return readModelAccess.read(query);
  }
}
