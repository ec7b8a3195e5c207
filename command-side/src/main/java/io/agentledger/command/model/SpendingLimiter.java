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

  /** What a run has spent in all, and will have with what it is about to ask. */
  record SpendingRequest(Money spent, Money total) {}

  /** How much the run may have spent in all; less than it needs is a no. */
  Money allowedSpending(
      SessionId session, BillingContext billingContext, SpendingRequest spendingRequest);
}
