package io.agentledger.projection.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Scope;
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
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.report.ReportRowRepository.RowFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  @Autowired private ReportRowRepository reports;
  @Autowired private CommandGateway commands;

  private final Map<ReportId, Long> numbers = new HashMap<>();

  private void append(ReportEvent... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>(
                      "Report",
                      event.reportId().value(),
                      numbers.merge(event.reportId(), 0L, (was, first) -> was + 1),
                      event)
                  .withMetaData(provenance())));
    awaitReports();
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
    assertThat(page(new RowFilter("", "", "", "")))
        .containsExactly(failed.value(), completed.value());
    assertThat(page(new RowFilter("", "COMPLETED", "", ""))).containsExactly(completed.value());
    assertThat(page(new RowFilter("PERSONAL_DATA", "", "", ""))).containsExactly(failed.value());
    assertThat(page(new RowFilter("", "", SESSION.value(), ""))).containsExactly(completed.value());

    var before = rows();
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("report", null)));
    awaitReports();
    assertThat(rows()).isEqualTo(before);
  }

  @Override
  protected Map<String, List<String>> rows() {
    return Map.of(
        "report_row",
        sql.queryForList("select t::text from report_row t order by 1", String.class));
  }
}
