package io.agentledger.gateway.quota;

import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.shared.Money;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * All limits of a tenant; without a budget there is no common budget.
 *
 * @param executions executions of tasks in progress; 100 if omitted
 * @param budget in the format of responses, instead of {@code budgetUsd} and {@code onExceeded}
 */
record UpdateTenantLimitsRequest(
    @Nullable MonthlyBudget budget,
    @Nullable Money budgetUsd,
    @Nullable OnExceeded onExceeded,
    @Nullable @Range(min = 1, max = TenantLimits.EXECUTIONS_MAX, message = "must be 1 to 10000")
        Integer executions,
    @NotNull(message = "is required") @Valid UpdateUserLimitsRequest perUser) {
  TenantLimits toLimits() {
    return new TenantLimits(
        toBudget(budget, budgetUsd, onExceeded, ""),
        executions == null ? TenantLimits.EXECUTIONS_DEFAULT : executions,
        perUser.toLimits("/per_user"));
  }

  /** Converts the budget; stops at its limit by default. */
  static MonthlyBudget toBudget(
      @Nullable MonthlyBudget budget,
      @Nullable Money limit,
      @Nullable OnExceeded onExceeded,
      String pointer) {
    if (budget != null && (limit != null || onExceeded != null))
      throw InvalidRequestException.body(
          pointer + "/budget", "must not be given beside budget_usd or on_exceeded");
    if (budget instanceof MonthlyBudget.Limited limited)
      return toBudget(limited.limitUsd(), limited.onExceeded(), pointer + "/budget/limit_usd");
    return limit == null
        ? MonthlyBudget.UNLIMITED
        : toBudget(limit, onExceeded, pointer + "/budget_usd");
  }

  private static MonthlyBudget toBudget(
      Money limit, @Nullable OnExceeded onExceeded, String pointer) {
    if (limit.nanos() < 0) throw InvalidRequestException.body(pointer, "must be 0 or more");
    return new MonthlyBudget.Limited(limit, onExceeded == null ? OnExceeded.STOP : onExceeded);
  }
}
