package io.agentledger.projection.report;

import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;

/** One report schedule; it is archived when it was deleted. */
@Entity
@Table(name = "report_schedule_row")
@SuppressWarnings("NullAway.Init")
public class ReportScheduleRow extends VersionedRow {
  private String owner;

  @Convert(converter = ScheduleColumn.class)
  private ReportSchedule schedule;

  private boolean paused;
  private String pauseReason = "";

  protected ReportScheduleRow() {}

  ReportScheduleRow(ReportScheduleCreated event, DomainEventMessage<?> message) {
    super(event.properties().name(), message);
    this.owner = event.owner().userId().value();
    this.schedule = event.properties();
  }

  void update(ReportScheduleChanged event) {
    recordVersion(event.version());
    rename(event.properties().name());
    schedule = event.properties();
  }

  void pause(String reason) {
    paused = true;
    pauseReason = reason;
  }

  void resume() {
    paused = false;
    pauseReason = "";
  }

  public String owner() {
    return owner;
  }

  public ReportSchedule schedule() {
    return schedule;
  }

  public boolean paused() {
    return paused;
  }

  /** Returns why the service paused it; empty if it did not. */
  public String pauseReason() {
    return pauseReason;
  }

  @Immutable
  static final class ScheduleColumn extends JsonConverter<ReportSchedule> {
    ScheduleColumn() {
      super(ReportSchedule.class);
    }
  }
}
