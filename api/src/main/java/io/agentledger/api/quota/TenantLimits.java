package io.agentledger.api.quota;

import io.agentledger.api.shared.QuotaRejection.AboveCeiling.Excess;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits of a tenant.
 *
 * @param budget of all users together
 * @param executions executions of tasks in progress, those that wait for a decision not included
 * @param perUser limits of users without their own
 */
public record TenantLimits(MonthlyBudget budget, int executions, UserLimits perUser) {
  public static final int EXECUTIONS_DEFAULT = 100;
  public static final int EXECUTIONS_MAX = 10_000;

  /** Limits that were stored before this one existed have no number. */
  public TenantLimits {
    if (executions == 0) executions = EXECUTIONS_DEFAULT;
  }

  /** No limits at all. */
  public static final TenantLimits UNLIMITED =
      new TenantLimits(MonthlyBudget.UNLIMITED, Integer.MAX_VALUE, UserLimits.UNLIMITED);

  /** Returns the lower of each two limits. */
  public TenantLimits atMost(TenantLimits ceiling) {
    return new TenantLimits(
        budget.atMost(ceiling.budget),
        Math.min(executions, ceiling.executions),
        perUser.atMost(ceiling.perUser));
  }

  /** Returns each limit that is above its ceiling. */
  public List<Excess> above(TenantLimits ceiling) {
    var excesses = new ArrayList<>(budget.above(ceiling.budget, ""));
    if (executions > ceiling.executions)
      excesses.add(
          new Excess(
              "/executions", Integer.toString(executions), Integer.toString(ceiling.executions)));
    excesses.addAll(perUser.above(ceiling.perUser, "/per_user"));
    return excesses;
  }
}
