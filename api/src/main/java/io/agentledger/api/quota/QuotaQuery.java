package io.agentledger.api.quota;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.StableName;

/** Queries about limits and their usage. */
public sealed interface QuotaQuery extends TenantScoped {
  /**
   * Finds the limits of the tenant; returns a {@link TenantQuotaView}.
   *
   * @param version version that the caller knows; the query waits up to two seconds for it
   */
  @RequiresScope(Scope.QUOTAS_READ)
  @StableName("FindTenantQuota")
  record FindTenantQuota(TenantId tenant, long version) implements QuotaQuery {}

  /**
   * Finds the limits of a user, also of one without their own; returns a {@link UserQuotaView}.
   *
   * @param version version that the caller knows; the query waits up to two seconds for it
   */
  @RequiresScope(Scope.QUOTAS_READ)
  @StableName("FindUserQuota")
  record FindUserQuota(TenantId tenant, UserId userId, long version) implements QuotaQuery {}

  /** Finds the caller's limits; returns a {@link UserQuotaView}. */
  @RequiresScope({})
  @StableName("FindMyQuota")
  record FindMyQuota(TenantId tenant) implements QuotaQuery {}

  /**
   * Finds the usage of the tenant if the caller may see it, else the caller's own; returns a {@link
   * UsageView}.
   */
  @RequiresScope(Scope.USAGE_READ)
  @StableName("FindUsage")
  record FindUsage(TenantId tenant) implements QuotaQuery {}

  /** Finds the limits of calls and storage; returns {@link UserLimits}. */
  @InternalOnly
  @StableName("FindLimits")
  record FindLimits(TenantId tenant, UserId userId) implements QuotaQuery {}
}
