package io.agentledger.command.model;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.SpendingLimiter.SpendingRequest;
import io.agentledger.command.model.usage.UsageFile;
import io.agentledger.command.support.BoundedMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process spends. Subagents speak through their process's socket, so whatever they ask is
 * paid from here, too. Each exchange holds what its question alone will cost until it is over; what
 * its answer costs comes on top, so budgets are passed by no more than the answers under way.
 */
final class ProcessBudget {
  /** A process carries out one run after the other: what is older has been paid long ago. */
  private static final int RUNS_MAX = 256;

  private final SessionId session;
  private final SpendingLimiter spendingLimiter;
  private final Map<String, Money> spent = BoundedMap.used(RUNS_MAX);
  private final Map<String, Money> held = new HashMap<>();
  private final Set<String> refused = Collections.newSetFromMap(BoundedMap.used(RUNS_MAX));
  private Money total = Money.ZERO;
  private Money upTo = Money.ZERO;
  private @Nullable BillingContext billingContext;

  ProcessBudget(SessionId session, SpendingLimiter spendingLimiter) {
    this.session = session;
    this.spendingLimiter = spendingLimiter;
  }

  /** Remembers what the process's file says that it spent in an earlier life of the service. */
  synchronized void recall(Path usage) throws IOException {
    long from = 0;
    while (true) {
      var page = UsageFile.read(usage, from);
      for (var ended : page.exchanges())
        add(ended.exchange().runId(), ended.exchange().turn().cost());
      if (page.end() == from) return;
      from = page.end();
    }
  }

  /** From now on exchanges are paid from there. */
  synchronized void payFrom(BillingContext next) {
    billingContext = next;
    upTo = Money.ZERO; // The first exchange asks: nobody here knows what is reserved.
    refused.remove(next.run().value());
  }

  /**
   * Takes what a question costs. Blocks while somebody is asked for more.
   *
   * @return why it is refused
   */
  synchronized Optional<String> reserve(String run, Money cost) {
    var payer = billingContext;
    if (payer == null) return Optional.empty(); // Nobody has asked the process anything yet.
    var inAll = payer.sessionBefore().plus(total).plus(allHeld()).plus(cost);
    if (payer.budget() instanceof Budget.Limited limited && inAll.compareTo(limited.limit()) > 0)
      return refusal(run, "The session's budget of " + limited.limit() + " dollars is used up.");
    var already = payer.runBefore().plus(spent.getOrDefault(run, Money.ZERO));
    var needed = already.plus(held.getOrDefault(run, Money.ZERO)).plus(cost);
    if (upTo.compareTo(Money.ZERO) == 0 || needed.compareTo(upTo) > 0)
      upTo = spendingLimiter.upTo(session, payer, new SpendingRequest(already, needed));
    if (needed.compareTo(upTo) > 0) return refusal(run, "The budget for this month is used up.");
    held.merge(run, cost, Money::plus);
    return Optional.empty();
  }

  private Optional<String> refusal(String run, String why) {
    refused.add(run);
    return Optional.of(why);
  }

  private Money allHeld() {
    return held.values().stream().reduce(Money.ZERO, Money::plus);
  }

  /** The exchange is over: it cost that much and holds nothing any more. */
  synchronized void release(String run, Money hold, Money cost) {
    held.computeIfPresent(run, (key, all) -> all.equals(hold) ? null : all.minus(hold));
    add(run, cost);
  }

  private void add(String run, Money cost) {
    spent.merge(run, cost, Money::plus);
    total = total.plus(cost);
  }

  /** Whether something of the run was refused since it was begun here. */
  synchronized boolean isRefused(String run) {
    return refused.contains(run);
  }
}
