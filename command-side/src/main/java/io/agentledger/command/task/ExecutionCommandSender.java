package io.agentledger.command.task;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Sends commands for executions and tasks, and waits for their results. */
record ExecutionCommandSender(CommandGateway commands) {
  /** Sends a command of the service itself. */
  <R> R send(TenantId tenant, Object command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(Provenance.ofSystem(tenant, Ids.random("req")).asMetadata()));
  }

  /** Sends a command as the user of an execution. */
  <R> R sendAs(Caller caller, Object command) {
    return commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(caller.asMetadata(Ids.random("req"))));
  }
}
