package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.query.support.ReadModelAccess;
import java.util.function.Supplier;

/**
 * Access to the read models of sessions: access check, waiting for the projection, transactions.
 */
record SessionReadAccess(
    SessionAccessCheck check, SessionRowRepository sessions, ReadModelAccess readModelAccess) {
  /**
   * Waits for the projection, then rejects invisible and unknown sessions with the same message.
   */
  void require(Caller caller, SessionId session) {
    readModelAccess.await("session", session, sessions::sequenceOf);
    check.require(caller, session);
  }

  <R> R read(Supplier<R> query) {
    return readModelAccess.read(query);
  }
}
