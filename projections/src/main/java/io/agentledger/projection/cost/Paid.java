package io.agentledger.projection.cost;

import io.agentledger.api.session.OutputEvent.Priced;
import io.agentledger.api.session.TurnEvent.TurnFinished;
import io.agentledger.projection.support.Spent;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;

/**
 * Tokens, money, and how many model exchanges that was.
 *
 * @param unpricedTurns those whose model the price table does not list: their cost is a guess
 */
@Embeddable
public record Paid(@Embedded Spent spent, long turns, long unpricedTurns) {
  static final Paid NOTHING = new Paid(Spent.NOTHING, 0, 0);

  Paid plus(TurnFinished turn) {
    long unknown = turn.priced() instanceof Priced.Unknown ? 1 : 0;
    return new Paid(spent.plus(turn.usage(), turn.cost()), turns + 1, unpricedTurns + unknown);
  }
}
