package io.agentledger.projection.cost;

import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDate;

/** Usage and costs of one run and model on one day. */
@Entity
@Table(name = "cost_run_row")
@SuppressWarnings("NullAway.Init")
public class CostRunRow {
  @Id private String id;
  private String tenant;
  private LocalDate day;
  private String runId;
  private String sessionId;
  private String userId;
  private String agentId;
  private String model;
  @Embedded private CostTotals totals;
  private long sequence;

  protected CostRunRow() {}

  CostRunRow(CostEntry costEntry) {
    this.id = costEntry.runKey();
    this.tenant = costEntry.tenant();
    this.day = costEntry.day();
    this.runId = costEntry.turn().runId().value();
    this.sessionId = costEntry.turn().sessionId().value();
    this.userId = costEntry.user();
    this.agentId = costEntry.agent();
    this.model = costEntry.turn().model();
    this.totals = CostTotals.ZERO;
  }

  /** Adds an entry; returns false if the row contains the event already. */
  boolean apply(CostEntry costEntry, long number) {
    if (number <= sequence) return false;
    sequence = number;
    totals = totals.plus(costEntry.turn());
    return true;
  }
}
