package io.agentledger.command.report;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportPeriod;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ChangeReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.PauseReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ResumeReportSchedule;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleDeleted;
import io.agentledger.api.report.ReportScheduleEvent.ReportSchedulePaused;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleResumed;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportSubject;
import io.agentledger.api.report.ReportSubject.RegulatoryRecords;
import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.support.ConfigurationFixture;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;

class ReportScheduleTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final UserId ADA = new UserId("usr_2222222222");
  private static final ReportScheduleId ID = new ReportScheduleId("rsc_2222222222");
  private static final ExecutionPrincipal OWNER = principal(Set.of(Scope.SESSIONS_READ));
  private static final Map<String, Object> HER = metadata(ADA);
  private static final ReportSchedule DAILY = schedule("0 6 * * *", transcript());
  private static final ReportSchedule MONTHLY = schedule("0 6 1 * *", transcript());

  private static ExecutionPrincipal principal(Set<Scope> scopes) {
    return new ExecutionPrincipal(ADA, scopes, false);
  }

  private static ReportSubject transcript() {
    return new SessionTranscript(new SessionId("ses_2222222222"));
  }

  private static ReportSchedule schedule(String expression, ReportSubject subject) {
    var report = new ReportDefinition(subject, ReportFormat.HTML, "UTC");
    return new ReportSchedule("Often", expression, "UTC", report, ReportPeriod.NONE);
  }

  private static Map<String, Object> metadata(UserId user) {
    return Caller.ofUser(HOME, user, CredentialId.next(), Role.MEMBER).asMetadata("req_2222222222");
  }

  private static TestExecutor<ReportScheduleAggregate> given(Object... more) {
    var created = new ReportScheduleCreated(ID, OWNER, DAILY);
    var metadata = Provenance.ofSystem(HOME, "req_2222222222").asMetadata();
    return ConfigurationFixture.of(ReportScheduleAggregate.class)
        .given(
            Stream.concat(Stream.of(created), List.of(more).stream())
                .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(metadata))
                .toList());
  }

  private static ReportScheduleChanged changed() {
    return new ReportScheduleChanged(ID, 2, OWNER, MONTHLY);
  }

  private static ChangeReportSchedule change(long version) {
    return new ChangeReportSchedule(ID, OWNER, MONTHLY, version);
  }

  @Test
  void changeReplacesTheNamedVersionOnly() {
    given().when(change(1), HER).expectResultMessagePayload(2L).expectEvents(changed());
    given(changed())
        .when(change(1), HER)
        .expectExceptionDetails(new VersionConflict("report_schedule", 2))
        .expectNoEvents();
  }

  @Test
  void changeNeedsTheScopesOfItsSubject() {
    var records = new RegulatoryRecords(LocalDate.EPOCH, LocalDate.EPOCH);
    given()
        .when(
            new ChangeReportSchedule(
                ID, principal(Set.of(Scope.AUDIT_READ)), schedule("0 6 * * *", records), 1),
            HER)
        .expectExceptionDetails(InsufficientScope.allOf(EnumSet.of(Scope.SESSIONS_READ_ALL)));
  }

  @Test
  void changedScheduleStaysPausedAndResumesAsItIs() {
    given(new ReportSchedulePaused(ID, ""), changed())
        .when(new PauseReportSchedule(ID, null), HER)
        .expectNoEvents();
    given(new ReportSchedulePaused(ID, ""), changed())
        .when(new ResumeReportSchedule(ID, null), HER)
        .expectEvents(new ReportScheduleResumed(ID, MONTHLY));
  }

  @Test
  void deletedScheduleAndThatOfAnotherUserAreNotFound() {
    given(new ReportScheduleDeleted(ID))
        .when(change(1), HER)
        .expectExceptionDetails(NotFound.of(ID));
    given().when(change(1), metadata(UserId.next())).expectExceptionDetails(NotFound.of(ID));
  }
}
