package io.agentledger.gateway.session;

import io.agentledger.api.shared.Money;
import org.jspecify.annotations.Nullable;

/** Budget of a session for its lifetime; null removes the limit. */
record UpdateBudgetRequest(@Nullable Money budgetUsd) {}
