package io.agentledger.projection.report;

import io.agentledger.api.report.ReportTemplateEvent;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateArchived;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateChanged;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateCreated;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each report template, and one for each of its versions. */
@ProcessingGroup(ReportProjection.GROUP)
class ReportTemplateProjection
    extends VersionedProjection<ReportTemplateRow, ReportTemplateVersionRow> {
  ReportTemplateProjection(
      ReportTemplateRowRepository templates,
      ReportTemplateVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(templates, versions, ReportTemplateVersionRow::new, poisonEventIsolator);
  }

  @EventHandler
  void on(ReportTemplateEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case ReportTemplateCreated created ->
          insert(new ReportTemplateRow(created, message), message);
      case ReportTemplateChanged changed -> update(message, template -> template.update(changed));
      case ReportTemplateArchived _ -> update(message, template -> template.archive(message));
    }
  }
}
