package io.agentledger.command.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleDeleted;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the report schedules that are not deleted, for their number. */
@ProcessingGroup(ReportLookupTable.GROUP)
class ReportScheduleLookupTable extends LookupTable {
  ReportScheduleLookupTable(JdbcClient sql) {
    super(sql, "report_schedule_lookup", "schedule_id");
  }

  int count(TenantId tenant, UserId owner) {
    return sql.sql("select count(*) from report_schedule_lookup where tenant = ? and owner = ?")
        .params(tenant.value(), owner.value())
        .query(Integer.class)
        .single();
  }

  @EventHandler
  void on(ReportScheduleCreated event, TenantId tenant) {
    insert(event.scheduleId(), tenant, Map.of("owner", event.owner().userId().value()));
  }

  @EventHandler
  void on(ReportScheduleDeleted event) {
    remove(event.scheduleId());
  }
}
