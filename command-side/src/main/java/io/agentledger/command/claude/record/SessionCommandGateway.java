package io.agentledger.command.claude.record;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.shared.RejectionException;

/** Puts on the record what runs do. Returns when it is committed. */
public interface SessionCommandGateway {
  /**
   * @throws RejectionException if the session says no
   * @throws RuntimeException if the store could not be reached for a while: it may be recorded or
   *     not, and saying it again is safe
   */
  void send(SessionCommand command, Provenance provenance);
}
