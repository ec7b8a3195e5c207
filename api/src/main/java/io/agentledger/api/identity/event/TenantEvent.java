package io.agentledger.api.identity.event;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a tenant; each belongs to that tenant, even if the actor belongs to another one. */
public sealed interface TenantEvent extends IdentityEvent {
  TenantId tenantId();

  /** The first event of every tenant. */
  @Revision("1")
  @StableName("TenantCreated")
  record TenantCreated(TenantId tenantId, @ShownInAudit String name) implements TenantEvent {}

  /** The tenant was renamed. */
  @Revision("1")
  @StableName("TenantRenamed")
  record TenantRenamed(TenantId tenantId, @ShownInAudit String name) implements TenantEvent {}

  /** The tenant was suspended; its users cannot sign in, and no run of it begins. */
  @Revision("1")
  @StableName("TenantSuspended")
  record TenantSuspended(TenantId tenantId) implements TenantEvent {}

  /** The suspension of the tenant ended. */
  @Revision("1")
  @StableName("TenantResumed")
  record TenantResumed(TenantId tenantId) implements TenantEvent {}
}
