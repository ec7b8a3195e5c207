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
   * Answered with a {@link TenantQuotaView}.
   *
   * @param version that the asker knows of; older limits are not shown, within two seconds
   */
  @RequiresScope(Scope.QUOTAS_READ)
  @StableName("FindTenantQuota")
  record FindTenantQuota(TenantId tenant, long version) implements QuotaQuery {}

  /**
   * Answered with a {@link UserQuotaView}; of somebody without limits of their own, too.
   *
   * @param version as above
   */
  @RequiresScope(Scope.QUOTAS_READ)
  @StableName("FindUserQuota")
  record FindUserQuota(TenantId tenant, UserId userId, long version) implements QuotaQuery {}

  /** One's own; answered with a {@link UserQuotaView}. */
  @RequiresScope({})
  @StableName("FindMyQuota")
  record FindMyQuota(TenantId tenant) implements QuotaQuery {}

  /**
   * The tenant's where the caller may see that, else their own; answered with a {@link UsageView}.
   */
  @RequiresScope(Scope.USAGE_READ)
  @StableName("FindUsage")
  record FindUsage(TenantId tenant) implements QuotaQuery {}

  /** Finds the limits by which the service counts calls and storage; {@link UserLimits}. */
  @InternalOnly
  @StableName("FindLimits")
  record FindLimits(TenantId tenant, UserId userId) implements QuotaQuery {}
}
