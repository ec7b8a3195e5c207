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
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.shared.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The two budgets, of a user and of the tenant, that the user's spending in a month is charged to.
 */
record ApplicableBudgets(List<BudgetAccount> accounts, Ledger ledger) {

  /** A budget with its owner. */
  record BudgetAccount(BudgetOwner payer, Limited budget) {
    boolean blocksSpending() {
      return budget.onExceeded() == OnExceeded.STOP;
    }
  }

  /** Spending and open reservations of a month. */
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

  /** Returns the part of the amount that all budgets still allow; zero if a budget is used up. */
  Money available(Money amount) {
    var available = amount;
    for (var account : accounts) {
      var remaining = remaining(account);
      if (account.blocksSpending() && remaining.compareTo(available) < 0) available = remaining;
    }
    return available.compareTo(Money.ZERO) < 0 ? Money.ZERO : available;
  }

  /** Returns the first budget that does not allow the amount, if there is one. */
  Optional<BudgetShortfall> findShortfall(Money amount) {
    if (amount.compareTo(Money.ZERO) <= 0) return Optional.empty();
    return accounts.stream()
        .filter(account -> account.blocksSpending() && remaining(account).compareTo(amount) < 0)
        .findFirst()
        .map(account -> toShortfall(account, amount));
  }

  private BudgetShortfall toShortfall(BudgetAccount account, Money amount) {
    var limit = account.budget().limitUsd();
    var owner =
        switch (account.payer()) {
          case BudgetOwner.Tenant tenant -> BudgetShortfall.Owner.TENANT;
          case BudgetOwner.User user -> BudgetShortfall.Owner.USER;
        };
    return new BudgetShortfall(owner, limit, limit.minus(remaining(account)).plus(amount));
  }

  /** Returns a budget that is used up, if there is one. */
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

  /** Returns the due notices about budgets that are nearly or completely used up. */
  List<QuotaEvent> notices() {
    var notices = new ArrayList<QuotaEvent>();
    for (var account : accounts) {
      var spent = spent(account);
      var limit = account.budget().limitUsd();
      if (Budget.isThresholdReached(spent, limit)
          && !ledger.spending().isWarned(account.payer(), ledger.month()))
        notices.add(
            new BudgetThresholdReached(ledger.id(), account.payer(), ledger.month(), limit, spent));
      if (spent.compareTo(limit) >= 0) exhaustedEvent(account).ifPresent(notices::add);
    }
    return notices;
  }

  /** Returns the event that the budget is used up; empty if it was recorded before. */
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
}
