package io.agentledger.command.model;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.BudgetShortfall.Owner;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.SpendingLimiter.SpendingRequest;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.store.support.BoundedMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Spending of one process, subagents included, because they use its socket. Each exchange holds the
 * cost of its input until it ends; the cost of its output is added, so budgets are exceeded by no
 * more than the responses in progress.
 */
final class ProcessBudget {
  /** Maximum number of runs in memory; older runs of the process have ended and are booked. */
  private static final int RUNS_MAX = 256;

  private final SessionId session;
  private final SpendingLimiter spendingLimiter;
  private final Map<String, Money> spentByRun = BoundedMap.accessOrdered(RUNS_MAX);
  private final Map<String, Money> heldByRun = new HashMap<>();
  private final Map<String, BudgetShortfall> shortfallByRun = BoundedMap.accessOrdered(RUNS_MAX);
  private Money total = Money.ZERO;
  private Money allowedTotal = Money.ZERO;
  private @Nullable BillingContext billingContext;

  ProcessBudget(SessionId session, SpendingLimiter spendingLimiter) {
    this.session = session;
    this.spendingLimiter = spendingLimiter;
  }

  /** Reads the spending under previous instances of the service from the process's usage file. */
  synchronized void restore(Path usage) throws IOException {
    long from = 0;
    while (true) {
      var page = UsageFile.read(usage, from);
      for (var ended : page.exchanges()) addCost(ended.exchange().runId(), ended.exchange().paid());
      if (page.endOffset() == from) return;
      from = page.endOffset();
    }
  }

  /** Assigns all further exchanges to these budgets. */
  synchronized void bindBilling(BillingContext next) {
    billingContext = next;
    allowedTotal = Money.ZERO; // Unknown here; the first exchange requests the reservation.
    shortfallByRun.remove(next.run().value());
  }

  /**
   * Reserves the estimated cost of an exchange. Blocks while the quota is requested to extend the
   * reservation.
   *
   * @return why the exchange is refused; empty if it is permitted
   */
  synchronized Optional<String> reserve(String run, Money cost) {
    var billing = billingContext;
    if (billing == null) return Optional.of("No run has begun that this request belongs to.");
    var sessionTotal = billing.sessionSpentBefore().plus(total).plus(allHeld()).plus(cost);
    if (billing.budget() instanceof Budget.Limited limited
        && sessionTotal.compareTo(limited.limitUsd()) > 0)
      return refuse(run, new BudgetShortfall(Owner.SESSION, limited.limitUsd(), sessionTotal));
    var spentBefore = billing.runSpentBefore().plus(spentByRun.getOrDefault(run, Money.ZERO));
    var needed = spentBefore.plus(heldByRun.getOrDefault(run, Money.ZERO)).plus(cost);
    if (allowedTotal.compareTo(Money.ZERO) == 0 || needed.compareTo(allowedTotal) > 0) {
      var allowance =
          spendingLimiter.allowedSpending(
              session, billing, new SpendingRequest(spentBefore, needed));
      allowedTotal = allowance.total();
      if (needed.compareTo(allowedTotal) > 0)
        return refuse(run, allowance.shortfall().orElseThrow());
    }
    heldByRun.merge(run, cost, Money::plus);
    return Optional.empty();
  }

  private Optional<String> refuse(String run, BudgetShortfall shortfall) {
    shortfallByRun.put(run, shortfall);
    return Optional.of(shortfall.message());
  }

  private Money allHeld() {
    return heldByRun.values().stream().reduce(Money.ZERO, Money::plus);
  }

  /** Releases the hold of an exchange that has ended, and adds its cost. */
  synchronized void release(String run, Money hold, Money cost) {
    heldByRun.computeIfPresent(run, (key, all) -> all.equals(hold) ? null : all.minus(hold));
    addCost(run, cost);
  }

  private void addCost(String run, Money cost) {
    spentByRun.merge(run, cost, Money::plus);
    total = total.plus(cost);
  }

  /** Returns why an exchange of the run was refused since the run was bound here, if one was. */
  synchronized Optional<BudgetShortfall> findShortfall(String run) {
    return Optional.ofNullable(shortfallByRun.get(run));
  }
}
