package io.agentledger.command.channel;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import java.util.concurrent.Semaphore;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;

/**
 * Sends the commands of the jobs of chats, as the service itself. Few are handled at the same time:
 * many jobs may wait for a platform or an agent, but a burst of messages must leave processors and
 * connections of the database to requests. Thread-safe.
 */
public final class ChatCommandSender {
  private final CommandGateway commands;
  private final Semaphore permits = new Semaphore(Runtime.getRuntime().availableProcessors());

  public ChatCommandSender(CommandGateway commands) {
    this.commands = commands;
  }

  /** Waits for the result of a command. */
  public <R> R send(TenantId tenant, Object command) {
    var message =
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(Provenance.ofSystem(tenant, Ids.random("req")).asMetadata());
    permits.acquireUninterruptibly();
    try {
      return commands.sendAndWait(message);
    } finally {
      permits.release();
    }
  }
}
