package io.agentledger.gateway.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.agentledger.api.shared.Money;
import org.jspecify.annotations.Nullable;

/** Budget of a session for its lifetime; null removes the limit. */
record UpdateBudgetRequest(
    @JsonProperty(value = "budget_usd", required = true) @Nullable Money budgetUsd) {}
