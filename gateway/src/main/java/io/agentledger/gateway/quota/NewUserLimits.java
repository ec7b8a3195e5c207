package io.agentledger.gateway.quota;

import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.gateway.support.Invalid;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.Range;

/** All limits of one person: what is not said is not kept from before. */
record NewUserLimits(
    @Range(min = 1, max = 10_000, message = "must be 1 to 10000") int sessions,
    @Range(min = 1, max = 10_000, message = "must be 1 to 10000") int tasks,
    @Range(min = 1, max = MIB_MAX, message = "must be 1 to 1073741824") long storageMib,
    @Range(min = 1, max = MIB_MAX, message = "must be 1 to 1073741824") long workspaceMib,
    @Range(min = 1, max = 1_000_000, message = "must be 1 to 1000000") int callsPerMinute,
    @Range(min = 1, max = 10_000_000, message = "must be 1 to 10000000") int callsPerHour,
    @NotNull(message = "must be given") MonthlyBudget budget) {
  /** A pebibyte. */
  private static final long MIB_MAX = 1L << 30;

  UserLimits toLimits(String pointer) {
    refuseNegative(budget, pointer + "/budget/limit");
    return new UserLimits(
        sessions, tasks, storageMib, workspaceMib, callsPerMinute, callsPerHour, budget);
  }

  static void refuseNegative(MonthlyBudget budget, String pointer) {
    if (!(budget instanceof MonthlyBudget.Limited limited)) return;
    if (limited.limit() == null || limited.limit().nanos() < 0)
      throw Invalid.body(pointer, "must be 0 or more");
    if (limited.atLimit() == null)
      throw Invalid.body(pointer.replace("/limit", "/at_limit"), "must be stop or ignore");
  }
}
