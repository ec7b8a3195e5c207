package io.agentledger.projection.cost;

import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.LocalDate;

/** What a run used of one model on one day. */
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
  @Embedded private CostTotals paid;
  private long sequence;

  protected CostRunRow() {}

  CostRunRow(CostEntry spending) {
    this.id = spending.runKey();
    this.tenant = spending.tenant();
    this.day = spending.day();
    this.runId = spending.turn().runId().value();
    this.sessionId = spending.turn().sessionId().value();
    this.userId = spending.user();
    this.agentId = spending.agent();
    this.model = spending.turn().model();
    this.paid = CostTotals.NOTHING;
  }

  /** Whether it was new: each fact is added once. */
  boolean take(CostEntry spending, long number) {
    if (number <= sequence) return false;
    sequence = number;
    paid = paid.plus(spending.turn());
    return true;
  }
}
