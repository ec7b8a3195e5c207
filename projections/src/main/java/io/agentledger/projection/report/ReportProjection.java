package io.agentledger.projection.report;

import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.report.ReportEvent.ReportCancelled;
import io.agentledger.api.report.ReportEvent.ReportCompleted;
import io.agentledger.api.report.ReportEvent.ReportDeleted;
import io.agentledger.api.report.ReportEvent.ReportFailed;
import io.agentledger.api.report.ReportEvent.ReportProgressed;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportEvent.ReportStarted;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each report. */
@ProcessingGroup(ReportProjection.GROUP)
class ReportProjection extends ConfigurationProjection<ReportRow> {
  static final String GROUP = "report";

  ReportProjection(ReportRowRepository reports, PoisonEventIsolator poisonEventIsolator) {
    super(reports, poisonEventIsolator);
  }

  @EventHandler
  void on(ReportEvent event, DomainEventMessage<?> message) {
    var at = message.getTimestamp();
    switch (event) {
      case ReportRequested requested -> insert(new ReportRow(requested, message), message);
      case ReportStarted _ -> update(message, row -> row.start(at));
      case ReportProgressed progressed ->
          update(message, row -> row.progress(progressed.percent(), progressed.stage()));
      case ReportCompleted completed -> update(message, row -> row.complete(completed.file(), at));
      case ReportFailed failed -> update(message, row -> row.fail(failed.failure(), at));
      case ReportCancelled _ -> update(message, row -> row.cancel(at));
      case ReportDeleted _ -> update(message, row -> row.archive(message));
    }
  }
}
