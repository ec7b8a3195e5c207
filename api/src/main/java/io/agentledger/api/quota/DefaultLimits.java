package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.QuotaRejection.AboveCeiling.Excess;
import java.util.List;

/**
 * Limits from the service's settings: defaults where none are set, and a ceiling for those that
 * are.
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

  /** Names each limit that somebody cannot be given. */
  public List<Excess> aboveCeiling(UserId user, UserLimits limits) {
    return user.equals(ownerId) ? List.of() : limits.above(ceiling.perUser(), "");
  }

  /** What counts for somebody of what was set for them. */
  public UserLimits bounded(UserId user, UserLimits limits) {
    return user.equals(ownerId) ? limits : limits.atMost(ceiling.perUser());
  }
}
