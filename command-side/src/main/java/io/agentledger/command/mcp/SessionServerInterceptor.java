package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerCommand.ArchiveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Registers the MCP servers that the request for a session defines, and archives them when the
 * session ends or gets another owner, who would use the connections and secrets of the first one;
 * in the same transaction as the session's own event. The caller needs the same permission as for
 * other servers.
 */
final class SessionServerInterceptor implements MessageHandlerInterceptor<CommandMessage<?>> {
  private final CommandGateway commands;
  private final EventStore store;
  private final EventSourcedMcpServerRegistry registry;

  SessionServerInterceptor(
      CommandGateway commands, EventStore store, EventSourcedMcpServerRegistry registry) {
    this.commands = commands;
    this.store = store;
    this.registry = registry;
  }

  @Override
  public @Nullable Object handle(
      UnitOfWork<? extends CommandMessage<?>> unit, InterceptorChain chain) throws Exception {
    var message = unit.getMessage();
    if (message.getPayload() instanceof OpenSession open) register(open, message);
    var result = chain.proceed();
    switch (message.getPayload()) {
      case DeleteSession delete -> archive(delete.sessionId(), message);
      case CloseSession close -> archive(close.sessionId(), message);
      case TransferSession transfer when wasTransferred(transfer.sessionId()) ->
          archive(transfer.sessionId(), message);
      default -> {}
    }
    return result;
  }

  private void register(OpenSession open, CommandMessage<?> message) {
    for (var server : open.spec().tools().definedServers())
      commands.sendAndWait(
          GenericCommandMessage.asCommandMessage(
                  new RegisterMcpServer(
                      server.id(),
                      open.ownerId(),
                      server.name(),
                      server.connection(),
                      McpLimits.NONE,
                      open.sessionId(),
                      null))
              .withMetaData(message.getMetaData()));
  }

  /** Returns whether a session got another owner; the servers are those of the first one. */
  private boolean wasTransferred(SessionId session) {
    return store
        .readEvents(session.value(), 0)
        .asStream()
        .anyMatch(event -> event.getPayload() instanceof SessionTransferred);
  }

  private void archive(SessionId session, CommandMessage<?> message) {
    var provenance = Provenance.of(message.getMetaData());
    var events = store.readEvents(session.value(), 0);
    if (!events.hasNext() || !(events.next().getPayload() instanceof SessionOpened opened)) return;
    for (var server : opened.tools().mcpServers())
      if (registry
          .find(provenance.tenant(), server.id())
          .filter(state -> state.isAttached() && state.isVisibleTo(session))
          .isPresent())
        commands.sendAndWait(
            GenericCommandMessage.asCommandMessage(new ArchiveMcpServer(server.id()))
                .withMetaData(provenance.asService().asMetadata())
                .andMetaData(MessageAuthorizer.SYSTEM));
  }
}
