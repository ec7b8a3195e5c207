package io.agentledger.gateway.quota;

import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.AtLimit;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** All limits of a tenant; without {@code budgetUsd} there is no budget of all together. */
record UpdateTenantLimitsRequest(
    @Nullable Money budgetUsd,
    @Nullable AtLimit atLimit,
    @NotNull(message = "must be given") @Valid UpdateUserLimitsRequest each) {
  TenantLimits toLimits() {
    return new TenantLimits(budget(budgetUsd, atLimit, ""), each.toLimits("/each"));
  }

  /** Stops at its limit unless something else is said. */
  static MonthlyBudget budget(@Nullable Money usd, @Nullable AtLimit atLimit, String pointer) {
    if (usd == null) return MonthlyBudget.UNLIMITED;
    if (usd.nanos() < 0)
      throw InvalidRequestException.body(pointer + "/budget_usd", "must be 0 or more");
    return new MonthlyBudget.Limited(usd, atLimit == null ? AtLimit.STOP : atLimit);
  }
}
