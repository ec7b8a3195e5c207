package io.agentledger.command.identity.user;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.command.TenantCommand;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.TenantCommand.RenameTenant;
import io.agentledger.api.identity.command.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.command.TenantCommand.SuspendTenant;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.api.identity.event.TenantEvent.TenantRenamed;
import io.agentledger.api.identity.event.TenantEvent.TenantResumed;
import io.agentledger.api.identity.event.TenantEvent.TenantSuspended;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.EventMetadata;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * Tenant, to which all other objects belong. Its events belong to the tenant itself, whatever
 * tenant the actor belongs to.
 */
@Aggregate(type = "Tenant")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Tenant {
  @AggregateIdentifier private TenantId id;
  private @Nullable String name;
  private boolean suspended;

  Tenant() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  TenantId create(CreateTenant command) {
    create(command.tenantId(), command.name().value(), EventMetadata.of(command.tenantId()));
    return command.tenantId();
  }

  /** Creates the tenant. Idempotent. */
  void create(TenantId tenant, String name, MetaData metaData) {
    if (this.name == null) apply(new TenantCreated(tenant, name), metaData);
  }

  @CommandHandler
  void rename(RenameTenant command, Caller caller) {
    checkTenant(command, caller);
    var name = command.name().value();
    if (!name.equals(this.name)) apply(new TenantRenamed(id, name), EventMetadata.of(id));
  }

  @CommandHandler
  void suspend(SuspendTenant command, Caller caller) {
    checkTenant(command, caller);
    if (id.equals(caller.tenant())) // Operators belong to the founding tenant.
    throw new RejectionException(
          new IdentityRefused(
              "founding_tenant_protected",
              "The tenant that runs the installation cannot be suspended. PATCH /users/{id} disables"
                  + " its users."));
    if (!suspended) apply(new TenantSuspended(id), EventMetadata.of(id));
  }

  @CommandHandler
  void resume(ResumeTenant command, Caller caller) {
    checkTenant(command, caller);
    if (suspended) apply(new TenantResumed(id), EventMetadata.of(id));
  }

  /**
   * Rejects a caller of another tenant with the same answer as for a tenant that does not exist.
   */
  private void checkTenant(TenantCommand command, Caller caller) {
    if (!id.equals(caller.tenant()) && !caller.operator())
      throw new RejectionException(new NotFound("tenant", command.tenantId().value()));
  }

  @EventSourcingHandler
  void on(TenantCreated event) {
    id = event.tenantId();
    name = event.name();
  }

  @EventSourcingHandler
  void on(TenantRenamed event) {
    name = event.name();
  }

  @EventSourcingHandler
  void on(TenantSuspended event) {
    suspended = true;
  }

  @EventSourcingHandler
  void on(TenantResumed event) {
    suspended = false;
  }
}
