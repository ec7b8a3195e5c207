package io.agentledger.projection.report;

import io.agentledger.api.report.ReportSettingsEvent.ReportSettingsChanged;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each tenant that has changed its report settings. */
@ProcessingGroup(ReportProjection.GROUP)
class ReportSettingsProjection extends ConfigurationProjection<ReportSettingsRow> {
  ReportSettingsProjection(
      ReportSettingsRowRepository settings, PoisonEventIsolator poisonEventIsolator) {
    super(settings, poisonEventIsolator);
  }

  @EventHandler
  void on(ReportSettingsChanged event, DomainEventMessage<?> message) {
    if (message.getSequenceNumber() == 0) insert(new ReportSettingsRow(event, message), message);
    else update(message, row -> row.update(event));
  }
}
