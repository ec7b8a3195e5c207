package io.agentledger.projection.quota;

import io.agentledger.api.quota.QuotaEvent.SpendingBooked;
import io.agentledger.api.shared.Money;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Spending of a user in one month. */
@Entity
@Table(name = "quota_month_row")
@SuppressWarnings("NullAway.Init")
public class MonthlySpendingRow {
  @Id private String id;
  private String tenant;
  private String month;
  private String userId;
  private long spentNanos;

  protected MonthlySpendingRow() {}

  MonthlySpendingRow(String tenant, SpendingBooked event) {
    this.id = idOf(tenant, event);
    this.tenant = tenant;
    this.month = event.month();
    this.userId = event.userId().value();
  }

  static String idOf(String tenant, SpendingBooked event) {
    return tenant + "/" + event.month() + "/" + event.userId();
  }

  void add(Money cost) {
    spentNanos = Math.addExact(spentNanos, cost.nanos());
  }
}
