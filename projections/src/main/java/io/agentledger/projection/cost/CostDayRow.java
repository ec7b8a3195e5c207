package io.agentledger.projection.cost;

import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDate;

/** Usage and costs of one user, agent and model on one day. */
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
  @Embedded private CostTotals totals;

  protected CostDayRow() {}

  CostDayRow(CostEntry costEntry) {
    this.id = costEntry.dayKey();
    this.tenant = costEntry.tenant();
    this.day = costEntry.day();
    this.userId = costEntry.user();
    this.agentId = costEntry.agent();
    this.model = costEntry.turn().model();
    this.totals = CostTotals.ZERO;
  }

  void apply(CostEntry costEntry) {
    totals = totals.plus(costEntry.turn());
  }
}
