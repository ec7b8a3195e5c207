package io.agentledger.command.model;

import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import java.util.Optional;

/**
 * Decides how much a run may spend, before it is spent. Blocks its caller. If it fails, no request
 * is sent to the model.
 */
public interface SpendingLimiter {
  /** Limiter without limits. */
  SpendingLimiter UNLIMITED =
      (session, billingContext, spendingRequest) ->
          new Allowance(new Money(Long.MAX_VALUE), Optional.empty());

  /** Spending of a run so far, and including the exchange that it is about to make. */
  record SpendingRequest(Money spent, Money total) {}

  /**
   * Amount that a run may spend in total.
   *
   * @param shortfall the budget that does not suffice; given if the amount is less than requested
   */
  record Allowance(Money total, Optional<BudgetShortfall> shortfall) {}

  /**
   * Returns the total amount that the run may spend; if that is less than requested, the exchange
   * is refused.
   */
  Allowance allowedSpending(
      SessionId session, BillingContext billingContext, SpendingRequest spendingRequest);
}
