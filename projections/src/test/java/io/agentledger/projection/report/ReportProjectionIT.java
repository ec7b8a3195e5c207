package io.agentledger.projection.report;

import static io.agentledger.api.report.ReportType.USAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.report.ReportEvent.ReportCancelled;
import io.agentledger.api.report.ReportEvent.ReportCompleted;
import io.agentledger.api.report.ReportEvent.ReportDeleted;
import io.agentledger.api.report.ReportEvent.ReportFailed;
import io.agentledger.api.report.ReportEvent.ReportProgressed;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportEvent.ReportStarted;
import io.agentledger.api.report.ReportFailure;
import io.agentledger.api.report.ReportFile;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportPeriod;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleDeleted;
import io.agentledger.api.report.ReportScheduleEvent.ReportSchedulePaused;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleResumed;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportSettings;
import io.agentledger.api.report.ReportSettings.Retention;
import io.agentledger.api.report.ReportSettingsEvent.ReportSettingsChanged;
import io.agentledger.api.report.ReportSettingsId;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateArchived;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateChanged;
import io.agentledger.api.report.ReportTemplateEvent.ReportTemplateCreated;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.report.ReportRowRepository.RowFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

class ReportProjectionIT extends ProjectionTestSupport {
  private static final UserId HER = UserId.next();
  private static final SessionId SESSION = SessionId.next();
  private static final ReportFile FILE = new ReportFile("a".repeat(64), 10, "b".repeat(64));

  private static final String SCHEDULE = "ReportSchedule";
  private static final Class<?> LOGO = ReportSettingsChanged.class;
  private static final List<String> TABLES =
      List.of(
          "report_row",
          "report_schedule_row",
          "report_settings_row",
          "report_template_row",
          "report_template_version_row");

  @Autowired private ReportRowRepository reports;
  @Autowired private ReportScheduleRowRepository schedules;
  @Autowired private ReportSettingsRowRepository settings;
  @Autowired private ReportTemplateRowRepository templates;
  @Autowired private ReportTemplateVersionRowRepository versions;
  @Autowired private CommandGateway commands;

  private final Map<Id, Long> numbers = new HashMap<>();

  private void append(ReportEvent... events) {
    for (var event : events) publish("Report", event.reportId(), event);
    awaitReports();
  }

  private void append(String type, Id id, Object event) {
    publish(type, id, event);
    awaitReports();
  }

  private void publish(String type, Id id, Object event) {
    long number = numbers.merge(id, 0L, (was, first) -> was + 1);
    append(
        List.of(
            new GenericDomainEventMessage<>(type, id.value(), number, event)
                .withMetaData(provenance())));
  }

  private void awaitReports() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var state = projections.state("report");
              return !state.replaying() && state.position() >= head();
            });
  }

  private static ReportRequested requested(ReportId id, ReportDefinition definition) {
    var principal = new ExecutionPrincipal(HER, Set.of(Scope.SESSIONS_READ), false);
    return new ReportRequested(id, principal, definition, List.of());
  }

  private static ReportDefinition transcript() {
    return new ReportDefinition(new SessionTranscript(SESSION), ReportFormat.PDF, "UTC");
  }

  private ReportRow find(ReportId id) {
    return reports.find(ADA.tenant().value(), HER.value(), id.value()).orElseThrow();
  }

  private List<String> page(RowFilter filter) {
    return reports
        .page(
            ADA.tenant().value(),
            HER.value(),
            filter,
            Instant.parse("9999-01-01T00:00:00Z"),
            "",
            Limit.of(10))
        .stream()
        .map(ReportRow::id)
        .toList();
  }

  @Test
  void rowsFollowTheEventsAndAReplayYieldsTheSameRows() {
    var completed = ReportId.next();
    var failed = ReportId.next();
    var deleted = ReportId.next();
    append(
        requested(completed, transcript()),
        new ReportStarted(completed, 1),
        new ReportProgressed(completed, 40, "messages"),
        requested(
            failed, new ReportDefinition(new PersonalData(HER), ReportFormat.JSON, "Asia/Tokyo")),
        new ReportStarted(failed, 1),
        new ReportFailed(failed, new ReportFailure("session_not_found", "There is no session.")),
        requested(deleted, transcript()),
        new ReportCancelled(deleted),
        new ReportDeleted(deleted, ""));
    assertThat(find(completed).status()).isEqualTo(ReportStatus.RUNNING);
    assertThat(find(completed).percent()).isEqualTo(40);
    append(new ReportCompleted(completed, FILE));

    assertThat(find(completed).file()).isEqualTo(FILE);
    assertThat(find(completed).percent()).isEqualTo(100);
    assertThat(find(failed).failure())
        .isEqualTo(new ReportFailure("session_not_found", "There is no session."));
    assertThat(reports.find(ADA.tenant().value(), HER.value(), deleted.value())).isEmpty();
    assertThat(reports.find(ADA.tenant().value(), UserId.next().value(), completed.value()))
        .isEmpty();
    assertThat(page(new RowFilter("", "", "", "", "")))
        .containsExactly(failed.value(), completed.value());
    assertThat(page(new RowFilter("", "COMPLETED", "", "", ""))).containsExactly(completed.value());
    assertThat(page(new RowFilter("PERSONAL_DATA", "", "", "", "")))
        .containsExactly(failed.value());
    assertThat(page(new RowFilter("", "", SESSION.value(), "", "")))
        .containsExactly(completed.value());
    assertThat(page(new RowFilter("", "", "", "", FILE.sha256())))
        .containsExactly(completed.value());
    assertThat(page(new RowFilter("", "", "", "", "c".repeat(64)))).isEmpty();
    assertReplayYieldsTheSameRows();
  }

  private void assertReplayYieldsTheSameRows() {
    var before = rows();
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("report", null)));
    awaitReports();
    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void settingsOfATenantAreTheLastOnes() {
    var id = ReportSettingsId.of(TenantId.next());
    var branded =
        new ReportSettings("Acme", "Internal", "#1f5a96", List.of(new Retention(USAGE, 30)));
    append(
        "ReportSettings",
        id,
        new ReportSettingsChanged(id, branded, sealer.seal(id, LOGO, "logo", "{}"), 1));
    var row = settings.findById(id.value()).orElseThrow();
    assertThat(row.settings()).isEqualTo(branded);
    assertThat(row.logo()).isNotNull();
    assertThat(row.version()).isEqualTo(1);

    append(
        "ReportSettings",
        id,
        new ReportSettingsChanged(id, ReportSettings.DEFAULT, Content.ABSENT, 2));
    row = settings.findById(id.value()).orElseThrow();
    assertThat(row.settings()).isEqualTo(ReportSettings.DEFAULT);
    assertThat(row.logo()).isNull();
    assertThat(row.version()).isEqualTo(2);
    assertReplayYieldsTheSameRows();
  }

  @Test
  void templateHasARowForEachOfItsVersions() {
    var id = ReportTemplateId.next();
    append("ReportTemplate", id, new ReportTemplateCreated(id, USAGE, "Monthly", seal(id, "a")));
    append(
        "ReportTemplate",
        id,
        new ReportTemplateChanged(id, 2, ReportType.ACCESS_AUDIT, "Yearly", seal(id, "b")));
    var row = templates.findById(id.value()).orElseThrow();
    assertThat(row.name()).isEqualTo("Yearly");
    assertThat(row.type()).isEqualTo(ReportType.ACCESS_AUDIT);
    assertThat(row.version()).isEqualTo(2);
    append("ReportTemplate", id, new ReportTemplateArchived(id));

    assertThat(templates.findById(id.value()).orElseThrow().archivedAt()).isNotNull();
    assertThat(versions.find(id.value(), 1).orElseThrow().name()).isEqualTo("Monthly");
    assertThat(versions.find(id.value(), 1).orElseThrow().type()).isEqualTo(USAGE);
    assertThat(versions.find(id.value(), 2).orElseThrow().name()).isEqualTo("Yearly");
    assertThat(rows().get("report_template_version_row"))
        .filteredOn(version -> version.contains(id.value()))
        .hasSize(3);
    assertReplayYieldsTheSameRows();
  }

  private Content seal(ReportTemplateId id, String text) {
    return sealer.seal(id, ReportTemplateCreated.class, "definition", text);
  }

  @Test
  void scheduleIsShownToItsOwnerUntilItIsDeleted() {
    var id = ReportScheduleId.next();
    var owner = new ExecutionPrincipal(HER, Set.of(Scope.SESSIONS_READ), false);
    var changed = schedule("Monthly", "0 6 1 * *");
    append(SCHEDULE, id, new ReportScheduleCreated(id, owner, schedule("Daily", "0 6 * * *")));
    append(SCHEDULE, id, new ReportSchedulePaused(id, "Its last 5 reports failed."));
    assertThat(findSchedule(id).paused()).isTrue();
    assertThat(findSchedule(id).pauseReason()).isEqualTo("Its last 5 reports failed.");
    assertThat(findSchedule(id).version()).isEqualTo(1);
    append(SCHEDULE, id, new ReportScheduleChanged(id, 2, owner, changed));
    assertThat(findSchedule(id).name()).isEqualTo("Monthly");
    assertThat(findSchedule(id).schedule()).isEqualTo(changed);
    assertThat(findSchedule(id).version()).isEqualTo(2);
    assertThat(findSchedule(id).paused()).isTrue();
    append(SCHEDULE, id, new ReportScheduleResumed(id, changed));
    assertThat(findSchedule(id).paused()).isFalse();
    assertThat(findSchedule(id).pauseReason()).isEmpty();
    var tenant = ADA.tenant().value();
    assertThat(schedules.find(tenant, UserId.next().value(), id.value())).isEmpty();
    append(SCHEDULE, id, new ReportScheduleDeleted(id));
    assertThat(schedules.find(tenant, HER.value(), id.value())).isEmpty();
    assertReplayYieldsTheSameRows();
  }

  private ReportScheduleRow findSchedule(ReportScheduleId id) {
    return schedules.find(ADA.tenant().value(), HER.value(), id.value()).orElseThrow();
  }

  private static ReportSchedule schedule(String name, String expression) {
    return new ReportSchedule(name, expression, "UTC", transcript(), ReportPeriod.NONE);
  }

  @Override
  protected Map<String, List<String>> rows() {
    var rows = new TreeMap<String, List<String>>();
    for (var table : TABLES)
      rows.put(
          table, sql.queryForList("select t::text from " + table + " t order by 1", String.class));
    return rows;
  }
}
