package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.query.support.SessionVisibility;

/**
 * Checks whether a caller may see a session, by the rows in memory if possible; a session that they
 * may not see is reported as not found.
 */
record SessionAccessCheck(SessionVisibility visibility, SessionRowCache cache) {
  /**
   * Rejects invisible and unknown sessions with the same message.
   *
   * @return the agent's own thread
   */
  ThreadId require(Caller caller, SessionId session) {
    return cache
        .findRow(caller, session.value())
        .map(row -> new ThreadId(row.threadId()))
        .or(() -> visibility.findThread(caller, session))
        .orElseThrow(
            () -> new RejectionException(new Rejection.NotFound("session", session.value())));
  }
}
