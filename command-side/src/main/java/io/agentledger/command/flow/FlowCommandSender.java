package io.agentledger.command.flow;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Sends commands for flows and executions, and waits for their results. */
record FlowCommandSender(CommandGateway commands) {
  /** Sends a command of the service itself. */
  <R> R send(TenantId tenant, Object command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(Provenance.ofSystem(tenant, Ids.random("req")).asMetadata()));
  }

  /** Sends a command as a user. */
  <R> R sendAs(Caller caller, Object command) {
    return sendAs(caller, command, Ids.random("req"), RequestSource.NONE);
  }

  /** Sends a command as a user, caused by a request of another sender. */
  <R> R sendAs(Caller caller, Object command, String request, RequestSource source) {
    var provenance =
        new Provenance(caller.tenant(), caller.actor(), caller.credential(), request, source);
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(caller.asMetadata(provenance)));
  }
}
