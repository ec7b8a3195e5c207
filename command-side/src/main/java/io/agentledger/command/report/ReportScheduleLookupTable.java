package io.agentledger.command.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportEvent.ReportCancelled;
import io.agentledger.api.report.ReportEvent.ReportCompleted;
import io.agentledger.api.report.ReportEvent.ReportFailed;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleDeleted;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleResumed;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the report schedules that are not deleted, for their number and failures. */
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

  /** Returns the number of reports in a row that failed, also if they were deleted since. */
  int countFailures(ReportScheduleId schedule) {
    return sql.sql("select failures from report_schedule_lookup where schedule_id = ?")
        .param(schedule.value())
        .query(Integer.class)
        .optional()
        .orElse(0);
  }

  @EventHandler
  void on(ReportScheduleChanged event) {
    forgetFailures(event.scheduleId());
  }

  @EventHandler
  void on(ReportScheduleResumed event) {
    forgetFailures(event.scheduleId());
  }

  private void forgetFailures(ReportScheduleId schedule) {
    update(schedule, Map.of("failures", 0));
  }

  @EventHandler
  void on(ReportFailed event) {
    setFailures("failures + 1", event.reportId());
  }

  @EventHandler
  void on(ReportCompleted event) {
    setFailures("0", event.reportId());
  }

  @EventHandler
  void on(ReportCancelled event) {
    setFailures("0", event.reportId());
  }

  private void setFailures(String failures, ReportId report) {
    sql.sql(
            """
            update report_schedule_lookup set failures = %s
            where schedule_id = (select schedule_id from report_lookup where report_id = ?)"""
                .formatted(failures))
        .param(report.value())
        .update();
  }

  @EventHandler
  void on(ReportScheduleDeleted event) {
    remove(event.scheduleId());
  }
}
