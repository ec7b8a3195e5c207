package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.environment.EnvironmentLookupTable.StoredEnvironment;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Writes down what environments are, before the event that says so is committed. */
@ProcessingGroup(EnvironmentLookupUpdater.GROUP)
class EnvironmentLookupUpdater {
  static final String GROUP = "environment-lookup";

  private final EnvironmentLookupTable environments;

  EnvironmentLookupUpdater(EnvironmentLookupTable environments) {
    this.environments = environments;
  }

  @EventHandler
  void on(
      EnvironmentCreated event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    environments.add(
        new TenantId(tenant),
        new StoredEnvironment(event.environmentId(), event.name(), event.definition(), false));
  }

  /** Sessions were opened in it before it stood here, for all that is known. */
  @EventHandler
  void on(
      DefaultEnvironmentCreated event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    var owningTenant = new TenantId(tenant);
    environments.add(
        owningTenant,
        new StoredEnvironment(event.environmentId(), event.name(), event.definition(), false));
    environments.setDefault(owningTenant, event.environmentId(), 0);
    environments.markUsed(event.environmentId());
  }

  @EventHandler
  void on(EnvironmentChanged event) {
    environments.replace(event.environmentId(), event.name(), event.definition());
  }

  @EventHandler
  void on(
      DefaultEnvironmentChanged event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    environments.setDefault(new TenantId(tenant), event.environmentId(), event.changeNumber());
  }

  @EventHandler
  void on(EnvironmentArchived event) {
    environments.setArchived(event.environmentId(), true);
  }

  @EventHandler
  void on(EnvironmentRestored event) {
    environments.setArchived(event.environmentId(), false);
  }

  @EventHandler
  void on(EnvironmentDeleted event) {
    environments.remove(event.environmentId());
  }
}
