package io.agentledger.query.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.query.support.ReadModelAccess;
import java.util.function.Supplier;

/**
 * Access to the read models of sessions: access check, waiting for the projection, transactions.
 */
record SessionReadAccess(
    SessionAccessCheck check, SessionRowRepository sessions, ReadModelAccess readModelAccess) {
  /** See {@link ReadModelAccess#await}. */
  boolean await(SessionId session) {
    return readModelAccess.await("session", session, sessions::sequenceOf);
  }

  <R> R read(Supplier<R> query) {
    return readModelAccess.read(query);
  }
}
