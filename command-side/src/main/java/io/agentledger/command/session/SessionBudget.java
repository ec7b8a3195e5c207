package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionBudgetThresholdReached;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.BudgetExceeded;
import io.agentledger.api.shared.RejectionException;
import org.axonframework.eventsourcing.EventSourcingHandler;

/** Budget of a session for its lifetime, and its spending. */
final class SessionBudget {
  private Budget budget = new Budget.Unlimited();
  private Money spent = Money.ZERO;

  /** Whether it was set since the last attempt of a run began. */
  private boolean changed;

  /** Whether it is recorded that the present limit is nearly spent. */
  private boolean warned;

  /** Requires unspent budget; the model gateway enforces the same limit during a run. */
  void requireBudgetLeft() {
    if (budget instanceof Budget.Limited limited && !isLeft())
      throw new RejectionException(new BudgetExceeded("session", limited.limitUsd(), null));
  }

  boolean isLeft() {
    return !(budget instanceof Budget.Limited limited) || spent.compareTo(limited.limitUsd()) < 0;
  }

  /**
   * Returns whether the budget was raised while an attempt was in progress, which may have been
   * refused just before: then the run need not wait for another raise.
   */
  boolean isRaisedDuringAttempt() {
    return changed && isLeft();
  }

  /** Sets the budget; returns whether it is another one. */
  boolean set(SetBudget command) {
    if (budget.equals(command.budget())) return false;
    apply(new BudgetSet(command.sessionId(), command.budget()));
    return true;
  }

  /** Records that 80 percent are spent, once for each limit. */
  void announceThreshold(SessionId session) {
    if (!warned
        && budget instanceof Budget.Limited(Money limit)
        && Budget.isThresholdReached(spent, limit))
      apply(new SessionBudgetThresholdReached(session, limit, spent));
  }

  @EventSourcingHandler
  void on(SessionOpened event) {
    budget = event.budget();
  }

  @EventSourcingHandler
  void on(BudgetSet event) {
    budget = event.budget();
    changed = true;
    warned = false;
  }

  @EventSourcingHandler
  void on(SessionBudgetThresholdReached event) {
    warned = true;
  }

  @EventSourcingHandler
  void on(RunStarted event) {
    changed = false;
  }

  @EventSourcingHandler
  void on(TurnFinished event) {
    spent = spent.plus(event.costUsd());
  }
}
