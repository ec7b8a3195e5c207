package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;

/**
 * What counts where nobody has set limits, and what counts whatever was set, from the service's
 * settings.
 *
 * @param tenantLimits for every tenant
 * @param ownerId who the owner of the installation is
 * @param ownerLimits for them, on their own machine
 * @param ceiling the most that a tenant's admin can set, and that counts for anybody but the owner
 */
public record DefaultLimits(
    TenantLimits tenantLimits, UserId ownerId, UserLimits ownerLimits, TenantLimits ceiling) {
  /** Without a ceiling. */
  public DefaultLimits(TenantLimits tenantLimits, UserId ownerId, UserLimits ownerLimits) {
    this(tenantLimits, ownerId, ownerLimits, TenantLimits.UNLIMITED);
  }

  /** What counts for somebody of what was set for them. */
  public UserLimits bounded(UserId user, UserLimits limits) {
    return user.equals(ownerId) ? limits : limits.atMost(ceiling.perUser());
  }
}
