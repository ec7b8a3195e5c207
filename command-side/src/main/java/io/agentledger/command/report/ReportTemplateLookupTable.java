package io.agentledger.command.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateArchived;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateChanged;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateCreated;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the report templates that are not archived, for their names and their number. */
@ProcessingGroup(ReportLookupTable.GROUP)
class ReportTemplateLookupTable extends LookupTable {
  ReportTemplateLookupTable(JdbcClient sql) {
    super(sql, "report_template_lookup", "template_id");
  }

  @EventHandler
  void on(ReportTemplateCreated event, TenantId tenant) {
    insert(event.templateId(), tenant, Map.of("name", event.name()));
  }

  @EventHandler
  void on(ReportTemplateChanged event) {
    update(event.templateId(), Map.of("name", event.name()));
  }

  @EventHandler
  void on(ReportTemplateArchived event) {
    remove(event.templateId());
  }
}
