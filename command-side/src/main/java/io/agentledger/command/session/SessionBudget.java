package io.agentledger.command.session;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.BudgetExceeded;
import io.agentledger.api.shared.RejectionException;

/** Budget of a session for its lifetime, and its spending. */
final class SessionBudget {
  private Budget budget = new Budget.Unlimited();
  private Money spent = Money.ZERO;

  boolean isSame(Budget other) {
    return budget.equals(other);
  }

  /** Requires unspent budget; the model gateway enforces the same limit during a run. */
  void requireBudgetLeft() {
    if (budget instanceof Budget.Limited limited && !isLeft())
      throw new RejectionException(new BudgetExceeded("session", limited.limitUsd(), null));
  }

  boolean isLeft() {
    return !(budget instanceof Budget.Limited limited) || spent.compareTo(limited.limitUsd()) < 0;
  }

  void set(Budget other) {
    budget = other;
  }

  void on(TurnFinished event) {
    spent = spent.plus(event.costUsd());
  }
}
