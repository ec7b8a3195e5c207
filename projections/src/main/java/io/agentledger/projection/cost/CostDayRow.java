package io.agentledger.projection.cost;

import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDate;

/** What somebody's use of an agent took of one model on one day. */
@Entity
@Table(name = "cost_day_row")
@SuppressWarnings("NullAway.Init")
public class CostDayRow {
  @Id private String id;
  private String tenant;
  private LocalDate day;
  private String userId;
  private String agentId;
  private String model;
  @Embedded private CostTotals paid;

  protected CostDayRow() {}

  CostDayRow(CostEntry spending) {
    this.id = spending.dayKey();
    this.tenant = spending.tenant();
    this.day = spending.day();
    this.userId = spending.user();
    this.agentId = spending.agent();
    this.model = spending.turn().model();
    this.paid = CostTotals.NOTHING;
  }

  void take(CostEntry spending) {
    paid = paid.plus(spending.turn());
  }
}
