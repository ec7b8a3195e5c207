package io.agentledger.api.quota;

/**
 * What a tenant may use.
 *
 * @param budget of all its people together
 * @param perUser what everybody may who has no limits of their own
 */
public record TenantLimits(MonthlyBudget budget, UserLimits perUser) {
  /** No limits at all. */
  public static final TenantLimits UNLIMITED =
      new TenantLimits(MonthlyBudget.UNLIMITED, UserLimits.UNLIMITED);

  /** The lesser of the two, limit by limit. */
  public TenantLimits atMost(TenantLimits ceiling) {
    return new TenantLimits(budget.atMost(ceiling.budget), perUser.atMost(ceiling.perUser));
  }
}
