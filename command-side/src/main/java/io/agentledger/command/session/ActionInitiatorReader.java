package io.agentledger.command.session;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.session.SessionId;

/** Reads for whom an agent requested an action. */
@FunctionalInterface
interface ActionInitiatorReader {
  /**
   * Returns who sent the query of the run that waits for the action.
   *
   * @param sequence sequence number of the event of the request
   */
  Actor read(SessionId session, long sequence);
}
