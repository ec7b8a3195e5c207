package io.agentledger.gateway.session;

import io.agentledger.api.shared.Money;
import org.jspecify.annotations.Nullable;

/** What the session may spend in its life; null is any amount. */
record UpdateBudgetRequest(@Nullable Money budgetUsd) {}
