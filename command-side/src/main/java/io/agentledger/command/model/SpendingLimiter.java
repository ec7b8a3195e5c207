package io.agentledger.command.model;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;

/**
 * Decides how much a run may spend, before it is spent. Blocks its caller; a failure means that
 * nobody could decide, and nothing is asked of a model then.
 */
public interface SpendingLimiter {
  /** Where nobody counts. */
  SpendingLimiter UNLIMITED =
      (session, billingContext, spendingRequest) -> new Money(Long.MAX_VALUE);

  /** Spending of a run so far, and with the exchange that it is about to make. */
  record SpendingRequest(Money spent, Money total) {}

  /** How much the run may have spent in all; less than it needs is a no. */
  Money allowedSpending(
      SessionId session, BillingContext billingContext, SpendingRequest spendingRequest);
}
