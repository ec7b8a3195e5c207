package io.agentledger.gateway.quota;

import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.shared.Money;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * All limits of one user; without a budget there is none.
 *
 * @param budget in the format of responses, instead of {@code budgetUsd} and {@code onExceeded}
 */
record UpdateUserLimitsRequest(
    @Range(min = 1, max = 10_000, message = "must be 1 to 10000") int sessions,
    @Range(min = 1, max = 10_000, message = "must be 1 to 10000") int tasks,
    @Range(min = 1, max = MIB_MAX, message = "must be 1 to 1073741824") long storageMib,
    @Range(min = 1, max = MIB_MAX, message = "must be 1 to 1073741824") long workspaceMib,
    @Range(min = 1, max = 1_000_000, message = "must be 1 to 1000000") int callsPerMinute,
    @Range(min = 1, max = 10_000_000, message = "must be 1 to 10000000") int callsPerHour,
    @Nullable MonthlyBudget budget,
    @Nullable Money budgetUsd,
    @Nullable OnExceeded onExceeded) {
  /** One pebibyte. */
  private static final long MIB_MAX = 1L << 30;

  UserLimits toLimits(String pointer) {
    return new UserLimits(
        sessions,
        tasks,
        storageMib,
        workspaceMib,
        callsPerMinute,
        callsPerHour,
        UpdateTenantLimitsRequest.toBudget(budget, budgetUsd, onExceeded, pointer));
  }
}
