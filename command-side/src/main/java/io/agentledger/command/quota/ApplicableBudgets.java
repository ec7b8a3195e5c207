package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.BudgetOwner;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.AtLimit;
import io.agentledger.api.quota.MonthlyBudget.Limited;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.quota.QuotaEvent.BudgetExhausted;
import io.agentledger.api.quota.QuotaEvent.BudgetThresholdReached;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.shared.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The two budgets that whatever somebody spends in a month counts against. */
record ApplicableBudgets(List<Account> accounts, Ledger book) {

  /** One budget and whose it is. */
  record Account(BudgetOwner payer, Limited budget) {
    boolean stops() {
      return budget.atLimit() == AtLimit.STOP;
    }
  }

  /** What is spent and held already. */
  record Ledger(QuotaId id, String month, MonthlySpending spending, Reservations reservations) {}

  static ApplicableBudgets resolve(
      UserId user, LimitOverrides limits, DefaultLimits defaultLimits, Ledger ledger) {
    var accounts = new ArrayList<Account>();
    add(accounts, new BudgetOwner.Person(user), limits.limitsOf(user, defaultLimits).budget());
    add(accounts, new BudgetOwner.Tenant(), limits.budget(defaultLimits));
    return new ApplicableBudgets(accounts, ledger);
  }

  private static void add(List<Account> accounts, BudgetOwner budgetOwner, MonthlyBudget budget) {
    if (budget instanceof Limited limited) accounts.add(new Account(budgetOwner, limited));
  }

  /** As much of it as all budgets have left; zero when there is nothing. */
  Money available(Money wanted) {
    var least = wanted;
    for (var account : accounts) {
      var left = left(account);
      if (account.stops() && left.compareTo(least) < 0) least = left;
    }
    return least.compareTo(Money.ZERO) < 0 ? Money.ZERO : least;
  }

  /** The budget that leaves nothing. */
  Optional<Account> exhausted() {
    return accounts.stream()
        .filter(account -> account.stops() && left(account).compareTo(Money.ZERO) <= 0)
        .findFirst();
  }

  private Money left(Account account) {
    var held =
        switch (account.payer()) {
          case BudgetOwner.Tenant tenant -> book.reservations().held();
          case BudgetOwner.Person person -> book.reservations().heldBy(person.userId());
        };
    return account.budget().limit().minus(spent(account)).minus(held);
  }

  private Money spent(Account account) {
    return book.spending().spent(account.payer(), book.month());
  }

  /** What is to be said of budgets that are nearly or quite spent and was not said before. */
  List<QuotaEvent> notices() {
    var notices = new ArrayList<QuotaEvent>();
    for (var account : accounts) {
      var spent = spent(account);
      var limit = account.budget().limit();
      if (isFourFifths(spent, limit) && !book.spending().isWarned(account.payer(), book.month()))
        notices.add(
            new BudgetThresholdReached(book.id(), account.payer(), book.month(), limit, spent));
      if (spent.compareTo(limit) >= 0) reached(account).ifPresent(notices::add);
    }
    return notices;
  }

  /** That a budget stopped something, or that it is spent; nothing when that was said before. */
  Optional<QuotaEvent> reached(Account account) {
    if (book.spending().isReached(account.payer(), book.month())) return Optional.empty();
    var budget = account.budget();
    return Optional.of(
        new BudgetExhausted(
            book.id(),
            account.payer(),
            book.month(),
            budget.limit(),
            spent(account),
            budget.atLimit()));
  }

  /** Without a product that could overflow. */
  private static boolean isFourFifths(Money spent, Money limit) {
    return spent.nanos() >= limit.nanos() - limit.nanos() / 5;
  }
}
