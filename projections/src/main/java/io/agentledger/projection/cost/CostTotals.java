package io.agentledger.projection.cost;

import io.agentledger.api.session.event.OutputEvent.PriceSource;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.projection.support.UsageTotals;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;

/**
 * Tokens, cost and number of model exchanges.
 *
 * @param unpricedTurns exchanges whose model is not in the price table, so that their cost is an
 *     estimate
 */
@Embeddable
public record CostTotals(@Embedded UsageTotals spent, long turns, long unpricedTurns) {
  static final CostTotals ZERO = new CostTotals(UsageTotals.ZERO, 0, 0);

  CostTotals plus(TurnFinished turn) {
    long unknown = turn.priceSource() instanceof PriceSource.Unknown ? 1 : 0;
    return new CostTotals(
        spent.plus(turn.usage(), turn.costUsd()), turns + 1, unpricedTurns + unknown);
  }
}
