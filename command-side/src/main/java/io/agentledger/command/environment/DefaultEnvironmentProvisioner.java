package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentCommand.CreateDefaultEnvironment;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.command.support.DefaultEnvironmentIds;
import io.agentledger.command.support.TenantProvisioning;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;

/**
 * Creates the default environment of each tenant. It processes all events from the beginning, so
 * tenants that are older than environments get one, too.
 */
@ProcessingGroup(TenantProvisioning.GROUP)
class DefaultEnvironmentProvisioner {
  static final String NAME = "local";

  private final CommandGateway commands;
  private final DefaultEnvironmentIds defaultEnvironmentIds;

  DefaultEnvironmentProvisioner(
      CommandGateway commands, DefaultEnvironmentIds defaultEnvironmentIds) {
    this.commands = commands;
    this.defaultEnvironmentIds = defaultEnvironmentIds;
  }

  /** Idempotent, because the command is. */
  @EventHandler
  void on(TenantCreated event, MetaData metadata) {
    var provenance = Provenance.of(metadata);
    var system =
        new Provenance(
            event.tenantId(), Actor.SERVICE, provenance.credential(), provenance.request());
    commands.sendAndWait(
        new GenericCommandMessage<>(
            new CreateDefaultEnvironment(defaultEnvironmentIds.idFor(event.tenantId())),
            system.asMetadata()));
  }
}
