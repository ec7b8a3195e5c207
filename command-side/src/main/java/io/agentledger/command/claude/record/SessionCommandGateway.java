package io.agentledger.command.claude.record;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.shared.RejectionException;
import java.util.function.Supplier;

/** Sends the commands by which runs record events. Returns when they are committed. */
public interface SessionCommandGateway {
  /**
   * @param command creates the command and seals its content; called again for each retry
   * @throws RejectionException if the session rejects the command
   * @throws RuntimeException if the store was unavailable for too long: the command may have been
   *     recorded or not, and sending it again is safe
   */
  void send(SessionId session, Supplier<? extends SessionCommand> command, Provenance provenance);

  /** Sends a command without sealed content. */
  default void send(SessionCommand command, Provenance provenance) {
    send(command.sessionId(), () -> command, provenance);
  }
}
