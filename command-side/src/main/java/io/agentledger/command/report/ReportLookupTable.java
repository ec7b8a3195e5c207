package io.agentledger.command.report;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportEvent.ReportCancelled;
import io.agentledger.api.report.ReportEvent.ReportCompleted;
import io.agentledger.api.report.ReportEvent.ReportDeleted;
import io.agentledger.api.report.ReportEvent.ReportFailed;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportId;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the reports that are not deleted, for their limits. */
@ProcessingGroup(ReportLookupTable.GROUP)
class ReportLookupTable extends LookupTable {
  static final String GROUP = "report-lookup";

  ReportLookupTable(JdbcClient sql) {
    super(sql, "report_lookup", "report_id");
  }

  /** Returns the number of reports of a tenant. */
  int count(TenantId tenant) {
    return countOf(tenant);
  }

  /** Returns the number of reports of a user. */
  int count(TenantId tenant, UserId requester) {
    return sql.sql("select count(*) from report_lookup where tenant = ? and requester = ?")
        .params(tenant.value(), requester.value())
        .query(Integer.class)
        .single();
  }

  /** Returns the number of reports of a user that are queued or running. */
  int countOpen(TenantId tenant, UserId requester) {
    return sql.sql(
            "select count(*) from report_lookup where tenant = ? and requester = ? and is_open")
        .params(tenant.value(), requester.value())
        .query(Integer.class)
        .single();
  }

  @EventHandler
  void on(ReportRequested event, TenantId tenant) {
    insert(
        event.reportId(),
        tenant,
        Map.of(
            "requester",
            event.requester().userId().value(),
            "is_open",
            true,
            "schedule_id",
            event.schedule().isEmpty() ? "" : event.schedule().getFirst().value()));
  }

  @EventHandler
  void on(ReportCompleted event) {
    close(event.reportId());
  }

  @EventHandler
  void on(ReportFailed event) {
    close(event.reportId());
  }

  @EventHandler
  void on(ReportCancelled event) {
    close(event.reportId());
  }

  @EventHandler
  void on(ReportDeleted event) {
    remove(event.reportId());
  }

  private void close(ReportId report) {
    update(report, Map.of("is_open", false));
  }
}
