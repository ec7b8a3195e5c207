package io.agentledger.api.identity.command;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for tenants. Repeating one that has taken effect does nothing. */
@StableName("tenant")
public sealed interface TenantCommand extends IdentityCommand, Idempotent {
  @TargetAggregateIdentifier
  TenantId tenantId();

  /** Creates a tenant and returns its {@link TenantId}. Operators invite its first users. */
  @RequiresScope(Scope.TENANTS_WRITE)
  @StableName("CreateTenant")
  record CreateTenant(TenantId tenantId, DisplayName name, @Nullable Idempotency idempotency)
      implements TenantCommand {}

  /** Renames a tenant, sent by its own admin or by an operator. */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("RenameTenant")
  record RenameTenant(TenantId tenantId, DisplayName name, @Nullable Idempotency idempotency)
      implements TenantCommand {}

  /**
   * Suspends a tenant: its users cannot sign in, and no run of it begins. The founding tenant
   * cannot be suspended.
   */
  @RequiresScope(Scope.TENANTS_WRITE)
  @StableName("SuspendTenant")
  record SuspendTenant(TenantId tenantId, @Nullable Idempotency idempotency)
      implements TenantCommand {}

  @RequiresScope(Scope.TENANTS_WRITE)
  @StableName("ResumeTenant")
  record ResumeTenant(TenantId tenantId, @Nullable Idempotency idempotency)
      implements TenantCommand {}
}
