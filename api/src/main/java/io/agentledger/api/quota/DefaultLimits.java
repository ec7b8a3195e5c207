package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.QuotaRejection.AboveCeiling.Excess;
import java.util.List;

/**
 * Limits from the service's settings: defaults where none are set, and a ceiling for those that
 * are.
 *
 * @param tenantLimits for every tenant
 * @param ownerId id of the installation's owner
 * @param ownerLimits limits of the owner
 * @param ceiling highest limits that a tenant's admin can set; applies to all users but the owner
 */
public record DefaultLimits(
    TenantLimits tenantLimits, UserId ownerId, UserLimits ownerLimits, TenantLimits ceiling) {
  /** Creates limits without a ceiling. */
  public DefaultLimits(TenantLimits tenantLimits, UserId ownerId, UserLimits ownerLimits) {
    this(tenantLimits, ownerId, ownerLimits, TenantLimits.UNLIMITED);
  }

  /** Returns each limit that exceeds the ceiling for the user. */
  public List<Excess> aboveCeiling(UserId user, UserLimits limits) {
    return user.equals(ownerId) ? List.of() : limits.above(ceiling.perUser(), "");
  }

  /** Returns the effective limits of a user: those that were set, bounded by the ceiling. */
  public UserLimits bounded(UserId user, UserLimits limits) {
    return user.equals(ownerId) ? limits : limits.atMost(ceiling.perUser());
  }
}
