package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentCommand.EstablishEnvironment;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantEvent.TenantFounded;
import io.agentledger.command.support.FirstEnvironments;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;

/**
 * Gives each tenant the environment that it begins with. It hears the whole record when it is new
 * to a house, and so of tenants that were founded before there were environments.
 */
@ProcessingGroup(StandardEnvironments.GROUP)
class StandardEnvironments {
  static final String GROUP = "standard-environments";
  static final String NAME = "local";

  private final CommandGateway commands;
  private final FirstEnvironments first;

  StandardEnvironments(CommandGateway commands, FirstEnvironments first) {
    this.commands = commands;
    this.first = first;
  }

  /** Twice is once. */
  @EventHandler
  void on(TenantFounded event, MetaData metadata) {
    var by = Provenance.of(metadata);
    var house = new Provenance(event.tenantId(), Actor.SERVICE, by.credential(), by.request());
    commands.sendAndWait(
        new GenericCommandMessage<>(
            new EstablishEnvironment(first.of(event.tenantId())), house.asMetadata()));
  }
}
