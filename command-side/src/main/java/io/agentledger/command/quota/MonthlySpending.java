package io.agentledger.command.quota;

import io.agentledger.api.quota.BudgetOwner;
import io.agentledger.api.quota.QuotaEvent.SpendingBooked;
import io.agentledger.api.shared.Money;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Spending of the latest month with bookings, and the users who were notified. */
final class MonthlySpending {
  private String month = "";
  private Map<String, Money> spent = new HashMap<>();
  private Set<String> warned = new HashSet<>();
  private Set<String> exhausted = new HashSet<>();

  static String monthOf(Instant at) {
    return YearMonth.from(at.atOffset(ZoneOffset.UTC)).toString();
  }

  /** Returns the start of the month that follows the given time. */
  static Instant nextMonth(Instant at) {
    return YearMonth.from(at.atOffset(ZoneOffset.UTC))
        .plusMonths(1)
        .atDay(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant();
  }

  Money spent(BudgetOwner budgetOwner, String inMonth) {
    return inMonth.equals(month) ? spent.getOrDefault(key(budgetOwner), Money.ZERO) : Money.ZERO;
  }

  boolean isWarned(BudgetOwner budgetOwner, String inMonth) {
    return inMonth.equals(month) && warned.contains(key(budgetOwner));
  }

  boolean isExhausted(BudgetOwner budgetOwner, String inMonth) {
    return inMonth.equals(month) && exhausted.contains(key(budgetOwner));
  }

  /**
   * Applies a booking. Bookings of past months are ignored, because they affect no further
   * decision.
   */
  void on(SpendingBooked event) {
    switchMonth(event.month());
    if (!event.month().equals(month)) return;
    spent.merge(key(new BudgetOwner.Tenant()), event.cost(), Money::plus);
    spent.merge(key(new BudgetOwner.User(event.userId())), event.cost(), Money::plus);
  }

  void markWarned(BudgetOwner budgetOwner, String inMonth) {
    switchMonth(inMonth);
    warned.add(key(budgetOwner));
  }

  void markExhausted(BudgetOwner budgetOwner, String inMonth) {
    switchMonth(inMonth);
    exhausted.add(key(budgetOwner));
  }

  /** Resets the notices of a budget whose limit has changed. */
  void resetNotices(BudgetOwner budgetOwner) {
    warned.remove(key(budgetOwner));
    exhausted.remove(key(budgetOwner));
  }

  /**
   * Resets all notices after a default limit has changed. Users with their own limit may be
   * notified once more.
   */
  void resetAllNotices() {
    warned.clear();
    exhausted.clear();
  }

  private void switchMonth(String next) {
    if (next.compareTo(month) <= 0) return;
    month = next;
    spent.clear();
    resetAllNotices();
  }

  private static String key(BudgetOwner budgetOwner) {
    return switch (budgetOwner) {
      case BudgetOwner.Tenant tenant -> "";
      case BudgetOwner.User user -> user.userId().value();
    };
  }
}
