package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.BudgetOwner;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.Limited;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.quota.QuotaEvent.BudgetExhausted;
import io.agentledger.api.quota.QuotaEvent.BudgetThresholdReached;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.shared.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The two budgets that whatever somebody spends in a month counts against. */
record ApplicableBudgets(List<BudgetAccount> accounts, Ledger ledger) {

  /** One budget and whose it is. */
  record BudgetAccount(BudgetOwner payer, Limited budget) {
    boolean blocksSpending() {
      return budget.onExceeded() == OnExceeded.STOP;
    }
  }

  /** Spending and reservations of the month. */
  record Ledger(QuotaId id, String month, MonthlySpending spending, Reservations reservations) {}

  static ApplicableBudgets resolve(
      UserId user, LimitOverrides limits, DefaultLimits defaultLimits, Ledger ledger) {
    var accounts = new ArrayList<BudgetAccount>();
    add(accounts, new BudgetOwner.User(user), limits.limitsOf(user, defaultLimits).budget());
    add(accounts, new BudgetOwner.Tenant(), limits.budget(defaultLimits));
    return new ApplicableBudgets(accounts, ledger);
  }

  private static void add(
      List<BudgetAccount> accounts, BudgetOwner budgetOwner, MonthlyBudget budget) {
    if (budget instanceof Limited limited) accounts.add(new BudgetAccount(budgetOwner, limited));
  }

  /** As much of it as all budgets have left; zero when there is nothing. */
  Money available(Money amount) {
    var available = amount;
    for (var account : accounts) {
      var remaining = remaining(account);
      if (account.blocksSpending() && remaining.compareTo(available) < 0) available = remaining;
    }
    return available.compareTo(Money.ZERO) < 0 ? Money.ZERO : available;
  }

  /** The budget that leaves nothing. */
  Optional<BudgetAccount> exhausted() {
    return accounts.stream()
        .filter(
            account -> account.blocksSpending() && remaining(account).compareTo(Money.ZERO) <= 0)
        .findFirst();
  }

  private Money remaining(BudgetAccount account) {
    var unspent =
        switch (account.payer()) {
          case BudgetOwner.Tenant tenant -> ledger.reservations().totalUnspent();
          case BudgetOwner.User user -> ledger.reservations().unspentOf(user.userId());
        };
    return account.budget().limitUsd().minus(spent(account)).minus(unspent);
  }

  private Money spent(BudgetAccount account) {
    return ledger.spending().spent(account.payer(), ledger.month());
  }

  /** What is to be said of budgets that are nearly or quite spent and was not said before. */
  List<QuotaEvent> notices() {
    var notices = new ArrayList<QuotaEvent>();
    for (var account : accounts) {
      var spent = spent(account);
      var limit = account.budget().limitUsd();
      if (isThresholdReached(spent, limit)
          && !ledger.spending().isWarned(account.payer(), ledger.month()))
        notices.add(
            new BudgetThresholdReached(ledger.id(), account.payer(), ledger.month(), limit, spent));
      if (spent.compareTo(limit) >= 0) exhaustedEvent(account).ifPresent(notices::add);
    }
    return notices;
  }

  /** That a budget stopped something, or that it is spent; nothing when that was said before. */
  Optional<QuotaEvent> exhaustedEvent(BudgetAccount account) {
    if (ledger.spending().isExhausted(account.payer(), ledger.month())) return Optional.empty();
    var budget = account.budget();
    return Optional.of(
        new BudgetExhausted(
            ledger.id(),
            account.payer(),
            ledger.month(),
            budget.limitUsd(),
            spent(account),
            budget.onExceeded()));
  }

  /** Without a product that could overflow. */
  private static boolean isThresholdReached(Money spent, Money limit) {
    return spent.nanos() >= limit.nanos() - limit.nanos() / 5;
  }
}
