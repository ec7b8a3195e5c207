package io.agentledger.query.report;

import static io.agentledger.api.report.ReportType.PERSONAL_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ExpiredReport;
import io.agentledger.api.report.ExpiredReportQuery.ListExpiredReports;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportEvent.ReportCancelled;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportSettings.Retention;
import io.agentledger.api.report.ReportSettingsEvent.ReportSettingsChanged;
import io.agentledger.api.report.ReportSettingsId;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.shared.Id;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.junit.jupiter.api.Test;

class ExpiredReportsIT extends QueryTestSupport {
  private static final UserId HER = UserId.next();

  private void publish(String type, Id id, long number, Object event) {
    append(
        List.of(
            new GenericDomainEventMessage<>(type, id.value(), number, event)
                .withMetaData(provenance())));
  }

  private void awaitReports() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> projections.state("report").position() >= head());
  }

  private List<ReportId> expired() {
    var later = Instant.now().plus(Duration.ofDays(2));
    return queries
        .query(
            new ListExpiredReports(later, 10),
            ResponseTypes.multipleInstancesOf(ExpiredReport.class))
        .join()
        .stream()
        .map(ExpiredReport::reportId)
        .toList();
  }

  private void setRetention(ReportSettingsId id, long number, int days) {
    var settings = new ReportSettings("", "", "", List.of(new Retention(PERSONAL_DATA, days)));
    publish(
        "ReportSettings",
        id,
        number,
        new ReportSettingsChanged(id, settings, Content.ABSENT, number + 1));
  }

  @Test
  void nothingExpiresBySettingsThatLackEvents() {
    var report = ReportId.next();
    var definition = new ReportDefinition(new PersonalData(HER), ReportFormat.JSON, "UTC");
    var principal = new ExecutionPrincipal(HER, Set.of(Scope.SESSIONS_READ), false);
    publish("Report", report, 0, new ReportRequested(report, principal, definition, List.of()));
    publish("Report", report, 1, new ReportCancelled(report));
    var settings = ReportSettingsId.of(TENANT);
    setRetention(settings, 0, 1);
    awaitReports();
    assertThat(expired()).containsExactly(report);

    setRetention(settings, 1, 1);
    awaitReports();
    sql.update("update report_settings_row set sequence = 0 where id = ?", settings.value());
    assertThat(expired()).as("as during a replay").isEmpty();
    sql.update("update report_settings_row set sequence = 1 where id = ?", settings.value());
    assertThat(expired()).containsExactly(report);
  }
}
