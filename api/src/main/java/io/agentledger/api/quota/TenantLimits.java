package io.agentledger.api.quota;

import io.agentledger.api.shared.QuotaRejection.AboveCeiling.Excess;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits of a tenant.
 *
 * @param budget of all users together
 * @param perUser limits of users without their own
 */
public record TenantLimits(MonthlyBudget budget, UserLimits perUser) {
  /** No limits at all. */
  public static final TenantLimits UNLIMITED =
      new TenantLimits(MonthlyBudget.UNLIMITED, UserLimits.UNLIMITED);

  /** Returns the lower of each two limits. */
  public TenantLimits atMost(TenantLimits ceiling) {
    return new TenantLimits(budget.atMost(ceiling.budget), perUser.atMost(ceiling.perUser));
  }

  /** Returns each limit that is above its ceiling. */
  public List<Excess> above(TenantLimits ceiling) {
    var excesses = new ArrayList<>(budget.above(ceiling.budget, ""));
    excesses.addAll(perUser.above(ceiling.perUser, "/per_user"));
    return excesses;
  }
}
