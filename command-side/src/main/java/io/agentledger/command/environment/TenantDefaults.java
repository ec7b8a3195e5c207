package io.agentledger.command.environment;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.TenantDefaultsId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Defaults that a tenant has chosen: the environment of sessions that name none. */
@Aggregate(type = "TenantDefaults")
@SuppressWarnings("NullAway.Init") // The first event fills it.
class TenantDefaults {
  @AggregateIdentifier private TenantDefaultsId id;

  TenantDefaults() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void setEnvironment(
      SetDefaultEnvironment command,
      TenantId owningTenant,
      EnvironmentRegistry environmentRegistry) {
    var environmentId = command.environmentId();
    if (!command.tenantDefaultsId().equals(TenantDefaultsId.of(owningTenant)))
      throw new RejectionException(NotFound.of(environmentId));
    environmentRegistry.lock(owningTenant);
    environmentRegistry.requireUsable(owningTenant, environmentId);
    if (!environmentRegistry.isDefault(owningTenant, environmentId))
      apply(
          new DefaultEnvironmentChanged(
              environmentId, environmentRegistry.defaultChangeNumber(owningTenant) + 1),
          MetaData.with(Provenance.TENANT, owningTenant.value()));
  }

  @EventSourcingHandler
  void on(DefaultEnvironmentChanged event, @MetaDataValue(Provenance.TENANT) String tenant) {
    id = TenantDefaultsId.of(new TenantId(tenant));
  }
}
