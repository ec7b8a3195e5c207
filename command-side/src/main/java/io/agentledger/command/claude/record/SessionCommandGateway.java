package io.agentledger.command.claude.record;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.shared.RejectionException;
import java.util.function.Supplier;

/** Puts on the record what runs do. Returns when it is committed. */
public interface SessionCommandGateway {
  /**
   * @param command makes the command and seals its content, again whenever it is sent again
   * @throws RejectionException if the session says no
   * @throws RuntimeException if the store could not be reached for a while: it may be recorded or
   *     not, and saying it again is safe
   */
  void send(SessionId session, Supplier<? extends SessionCommand> command, Provenance provenance);

  /** Likewise, for a command without sealed content. */
  default void send(SessionCommand command, Provenance provenance) {
    send(command.sessionId(), () -> command, provenance);
  }
}
