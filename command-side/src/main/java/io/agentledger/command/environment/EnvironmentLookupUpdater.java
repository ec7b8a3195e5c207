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
import io.agentledger.command.environment.EnvironmentLookupTable.InForce;
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
        new InForce(event.environmentId(), event.name(), event.terms(), false));
  }

  /** Sessions were opened in it before it stood here, for all that is known. */
  @EventHandler
  void on(
      DefaultEnvironmentCreated event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    var owner = new TenantId(tenant);
    environments.add(owner, new InForce(event.environmentId(), event.name(), event.terms(), false));
    environments.choose(owner, event.environmentId(), 0);
    environments.use(event.environmentId());
  }

  @EventHandler
  void on(EnvironmentChanged event) {
    environments.replace(event.environmentId(), event.name(), event.terms());
  }

  @EventHandler
  void on(
      DefaultEnvironmentChanged event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    environments.choose(new TenantId(tenant), event.environmentId(), event.choice());
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
