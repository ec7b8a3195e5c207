package io.agentledger.command.model;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;

/**
 * Decides how much a run may spend, before it is spent. Blocks its caller. If it fails, no request
 * is sent to the model.
 */
public interface SpendingLimiter {
  /** Limiter without limits. */
  SpendingLimiter UNLIMITED =
      (session, billingContext, spendingRequest) -> new Money(Long.MAX_VALUE);

  /** Spending of a run so far, and including the exchange that it is about to make. */
  record SpendingRequest(Money spent, Money total) {}

  /**
   * Returns the total amount that the run may spend; if that is less than requested, the exchange
   * is refused.
   */
  Money allowedSpending(
      SessionId session, BillingContext billingContext, SpendingRequest spendingRequest);
}
