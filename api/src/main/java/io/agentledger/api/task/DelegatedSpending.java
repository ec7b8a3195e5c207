package io.agentledger.api.task;

import io.agentledger.api.shared.Money;

/**
 * Spending of the executions that the agent of a session started.
 *
 * @param spent cost of those that have ended, with their descendants
 * @param reserved budgets of those that have not ended
 */
public record DelegatedSpending(Money spent, Money reserved) {}
