package io.agentledger.api.identity;

import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What can be wished of a tenant. Repeating what is so already is silence. */
public sealed interface TenantCommand extends IdentityCommand, Idempotent {
  @TargetAggregateIdentifier
  TenantId tenantId();

  /** Founds one; answered with its {@link TenantId}. Its first people are invited by operators. */
  @Needs(Scope.TENANTS_WRITE)
  record FoundTenant(TenantId tenantId, DisplayName name, @Nullable Idempotency idempotency)
      implements TenantCommand {}

  /** By its own admin, or by an operator. */
  @Needs(Scope.USERS_WRITE)
  record RenameTenant(TenantId tenantId, DisplayName name, @Nullable Idempotency idempotency)
      implements TenantCommand {}

  /** Nobody of it gets in any more. The founding tenant cannot be suspended. */
  @Needs(Scope.TENANTS_WRITE)
  record SuspendTenant(TenantId tenantId, @Nullable Idempotency idempotency)
      implements TenantCommand {}

  @Needs(Scope.TENANTS_WRITE)
  record ResumeTenant(TenantId tenantId, @Nullable Idempotency idempotency)
      implements TenantCommand {}
}
