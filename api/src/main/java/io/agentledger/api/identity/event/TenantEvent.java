package io.agentledger.api.identity.event;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** What became of one tenant; each of these is an event of that tenant, whoever did it. */
public sealed interface TenantEvent extends IdentityEvent {
  TenantId tenantId();

  /** The first fact of every tenant. */
  @StableName("TenantFounded")
  @Revision("1")
  record TenantCreated(TenantId tenantId, String name) implements TenantEvent {}

  @Revision("1")
  record TenantRenamed(TenantId tenantId, String name) implements TenantEvent {}

  /** Nobody of the tenant gets in any more. */
  @Revision("1")
  record TenantSuspended(TenantId tenantId) implements TenantEvent {}

  @Revision("1")
  record TenantResumed(TenantId tenantId) implements TenantEvent {}
}
