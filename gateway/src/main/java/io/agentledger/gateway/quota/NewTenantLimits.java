package io.agentledger.gateway.quota;

import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.TenantLimits;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/** All limits of a tenant. */
record NewTenantLimits(
    @NotNull(message = "must be given") MonthlyBudget budget,
    @NotNull(message = "must be given") @Valid NewUserLimits each) {
  TenantLimits toLimits() {
    NewUserLimits.refuseNegative(budget, "/budget/limit");
    return new TenantLimits(budget, each.toLimits("/each"));
  }
}
