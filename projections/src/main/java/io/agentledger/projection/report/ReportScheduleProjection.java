package io.agentledger.projection.report;

import io.agentledger.api.report.ReportScheduleEvent;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleDeleted;
import io.agentledger.api.report.ReportScheduleEvent.ReportSchedulePaused;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleResumed;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each report schedule. */
@ProcessingGroup(ReportProjection.GROUP)
class ReportScheduleProjection extends ConfigurationProjection<ReportScheduleRow> {
  ReportScheduleProjection(
      ReportScheduleRowRepository schedules, PoisonEventIsolator poisonEventIsolator) {
    super(schedules, poisonEventIsolator);
  }

  @EventHandler
  void on(ReportScheduleEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case ReportScheduleCreated created ->
          insert(new ReportScheduleRow(created, message), message);
      case ReportScheduleChanged changed -> update(message, row -> row.update(changed));
      case ReportSchedulePaused paused -> update(message, row -> row.pause(paused.reason()));
      case ReportScheduleResumed _ -> update(message, ReportScheduleRow::resume);
      case ReportScheduleDeleted _ -> update(message, row -> row.archive(message));
    }
  }
}
