package io.agentledger.gateway.quota;

import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/** All limits of a tenant; without {@code budgetUsd} there is no budget of all together. */
record UpdateTenantLimitsRequest(
    @Nullable Money budgetUsd,
    @Nullable OnExceeded onExceeded,
    @NotNull(message = "must be given") @Valid UpdateUserLimitsRequest perUser) {
  TenantLimits toLimits() {
    return new TenantLimits(toBudget(budgetUsd, onExceeded, ""), perUser.toLimits("/per_user"));
  }

  /** Stops at its limit unless something else is said. */
  static MonthlyBudget toBudget(
      @Nullable Money limit, @Nullable OnExceeded onExceeded, String pointer) {
    if (limit == null) return MonthlyBudget.UNLIMITED;
    if (limit.nanos() < 0)
      throw InvalidRequestException.body(pointer + "/budget_usd", "must be 0 or more");
    return new MonthlyBudget.Limited(limit, onExceeded == null ? OnExceeded.STOP : onExceeded);
  }
}
