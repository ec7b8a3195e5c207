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
 * connections of the database to requests. Received messages are recorded before anything else.
 * Thread-safe.
 */
public final class ChatCommandSender {
  private static final int PERMITS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  private final CommandGateway commands;

  /** Fair: a received message waits for few of the others, which {@link #others} limits. */
  private final Semaphore permits = new Semaphore(PERMITS, true);

  private final Semaphore others = new Semaphore(PERMITS, true);

  public ChatCommandSender(CommandGateway commands) {
    this.commands = commands;
  }

  /** Waits for the result of a command. */
  public <R> R send(TenantId tenant, Object command) {
    others.acquireUninterruptibly();
    try {
      return sendFirst(tenant, command);
    } finally {
      others.release();
    }
  }

  /** As {@link #send}, before the commands that wait there. */
  <R> R sendFirst(TenantId tenant, Object command) {
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
