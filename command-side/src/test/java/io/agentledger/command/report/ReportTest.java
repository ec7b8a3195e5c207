package io.agentledger.command.report;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportCommand;
import io.agentledger.api.report.ReportCommand.CancelReport;
import io.agentledger.api.report.ReportCommand.CompleteReport;
import io.agentledger.api.report.ReportCommand.DeleteReport;
import io.agentledger.api.report.ReportCommand.FailReport;
import io.agentledger.api.report.ReportCommand.RecordReportProgress;
import io.agentledger.api.report.ReportCommand.RequestReport;
import io.agentledger.api.report.ReportCommand.StartReport;
import io.agentledger.api.report.ReportDefinition;
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
import io.agentledger.api.report.ReportSubject;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.report.ReportSubject.SessionTranscript;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.support.ConfigurationFixture;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.TestExecutor;
import org.axonframework.test.matchers.Matchers;
import org.hamcrest.CoreMatchers;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class ReportTest {
  private static final TenantId HOME = new TenantId("tnt_2222222222");
  private static final UserId ADA = new UserId("usr_2222222222");
  private static final ReportId REPORT = new ReportId("rep_2222222222");
  private static final ReportFile FILE = new ReportFile("a".repeat(64), 10, "b".repeat(64));
  private static final ReportDefinition DEFINITION =
      definition(new SessionTranscript(new SessionId("ses_2222222222")));
  private static final Map<String, Object> HER = metadata(ADA);
  private static final Map<String, Object> COLLEAGUE = metadata(UserId.next());
  private static final Map<String, Object> SERVICE =
      Provenance.ofSystem(HOME, "req_2222222222").asMetadata();

  private final StubLookupTable reports = new StubLookupTable();

  /** Table with numbers that a test sets. */
  private static final class StubLookupTable extends ReportLookupTable {
    private int all;
    private int own;
    private int open;

    StubLookupTable() {
      super(JdbcClient.create(new DriverManagerDataSource()));
    }

    @Override
    public void lock(TenantId tenant) {}

    @Override
    int count(TenantId tenant) {
      return all;
    }

    @Override
    int count(TenantId tenant, UserId requester) {
      return own;
    }

    @Override
    int countOpen(TenantId tenant, UserId requester) {
      return open;
    }
  }

  private static ReportDefinition definition(ReportSubject subject) {
    return new ReportDefinition(subject, ReportFormat.HTML, "UTC");
  }

  private static Map<String, Object> metadata(UserId user) {
    return Caller.ofUser(HOME, user, CredentialId.next(), Role.MEMBER).asMetadata("req_2222222222");
  }

  private static ExecutionPrincipal principal(Set<Scope> scopes) {
    return new ExecutionPrincipal(ADA, scopes, false);
  }

  private FixtureConfiguration<Report> fixture() {
    return ConfigurationFixture.of(Report.class).registerInjectableResource(reports);
  }

  private TestExecutor<Report> given(Object... events) {
    return fixture().given(List.of(events).stream().map(ReportTest::withTenant).toList());
  }

  private static Object withTenant(Object event) {
    return GenericEventMessage.asEventMessage(event).withMetaData(SERVICE);
  }

  private static ReportRequested requested() {
    return new ReportRequested(
        REPORT, principal(Set.of(Scope.SESSIONS_READ)), DEFINITION, List.of());
  }

  private static RequestReport request(ReportSubject subject, Set<Scope> scopes) {
    return new RequestReport(REPORT, principal(scopes), definition(subject), null, null);
  }

  @Test
  void requestNamesTheReportAndIsAcceptedOnce() {
    var command = request(DEFINITION.subject(), Set.of(Scope.SESSIONS_READ));
    fixture()
        .givenNoPriorActivity()
        .when(command, HER)
        .expectResultMessagePayload(REPORT)
        .expectEvents(requested());
    given(requested()).when(command, HER).expectResultMessagePayload(REPORT).expectNoEvents();
  }

  @Test
  void requestIsRejectedWithoutTheScopesOfItsSubject() {
    fixture()
        .givenNoPriorActivity()
        .when(request(DEFINITION.subject(), Set.of(Scope.USAGE_READ)), HER)
        .expectExceptionDetails(InsufficientScope.allOf(Set.of(Scope.SESSIONS_READ)));
    var own = Set.of(Scope.SESSIONS_READ, Scope.USAGE_READ);
    fixture()
        .givenNoPriorActivity()
        .when(request(new PersonalData(ADA), own), HER)
        .expectSuccessfulHandlerExecution();
    fixture()
        .givenNoPriorActivity()
        .when(request(new PersonalData(UserId.next()), own), HER)
        .expectExceptionDetails(
            InsufficientScope.allOf(EnumSet.of(Scope.USERS_READ, Scope.SESSIONS_READ_ALL)));
  }

  @Test
  void numberOfReportsIsLimited() {
    var command = request(DEFINITION.subject(), Set.of(Scope.SESSIONS_READ));
    reports.open = ReportCommand.OPEN_MAX;
    fixture()
        .givenNoPriorActivity()
        .when(command, HER)
        .expectExceptionDetails(new TooMany("open_reports", ReportCommand.OPEN_MAX));
    reports.own = ReportCommand.REPORTS_OF_USER_MAX;
    fixture()
        .givenNoPriorActivity()
        .when(command, HER)
        .expectExceptionDetails(new TooMany("own_reports", ReportCommand.REPORTS_OF_USER_MAX));
    reports.all = ReportCommand.REPORTS_MAX;
    fixture()
        .givenNoPriorActivity()
        .when(command, HER)
        .expectExceptionDetails(new TooMany("reports", ReportCommand.REPORTS_MAX));
  }

  @Test
  void attemptRecordsItsProgressAndCompletes() {
    given(requested())
        .when(new StartReport(REPORT), SERVICE)
        .expectResultMessagePayload(1)
        .expectEvents(new ReportStarted(REPORT, 1));
    given(requested(), new ReportStarted(REPORT, 1))
        .when(new RecordReportProgress(REPORT, 1, 40, "messages"), SERVICE)
        .expectResultMessagePayload(true)
        .expectEvents(new ReportProgressed(REPORT, 40, "messages"));
    given(requested(), new ReportStarted(REPORT, 1), new ReportProgressed(REPORT, 40, "messages"))
        .when(new RecordReportProgress(REPORT, 1, 40, "messages"), SERVICE)
        .expectResultMessagePayload(true)
        .expectNoEvents();
    given(requested(), new ReportStarted(REPORT, 1))
        .when(new CompleteReport(REPORT, 1, FILE), SERVICE)
        .expectResultMessagePayload(true)
        .expectEvents(new ReportCompleted(REPORT, FILE));
  }

  @Test
  void earlierAttemptIsToldToStop() {
    var events =
        new Object[] {requested(), new ReportStarted(REPORT, 1), new ReportStarted(REPORT, 2)};
    given(events)
        .when(new RecordReportProgress(REPORT, 1, 40, "messages"), SERVICE)
        .expectResultMessagePayload(false)
        .expectNoEvents();
    given(events)
        .when(new CompleteReport(REPORT, 1, FILE), SERVICE)
        .expectResultMessagePayload(false)
        .expectNoEvents();
    given(events)
        .when(new FailReport(REPORT, 1, new ReportFailure("a", "b")), SERVICE)
        .expectNoEvents();
  }

  @Test
  void reportFailsAfterTheLastAttempt() {
    given(
            requested(),
            new ReportStarted(REPORT, 1),
            new ReportStarted(REPORT, 2),
            new ReportStarted(REPORT, 3))
        .when(new StartReport(REPORT), SERVICE)
        .expectResultMessagePayload(0)
        .expectEventsMatching(
            Matchers.payloadsMatching(
                Matchers.exactSequenceOf(CoreMatchers.instanceOf(ReportFailed.class))));
  }

  @Test
  void requesterCancelsAReportUntilItHasEnded() {
    given(requested())
        .when(new CancelReport(REPORT), HER)
        .expectEvents(new ReportCancelled(REPORT));
    given(requested(), new ReportCancelled(REPORT))
        .when(new CancelReport(REPORT), HER)
        .expectNoEvents();
    given(requested(), new ReportCancelled(REPORT))
        .when(new StartReport(REPORT), SERVICE)
        .expectResultMessagePayload(0)
        .expectNoEvents();
  }

  @Test
  void deletionNamesTheFileOnce() {
    var completed = new ReportCompleted(REPORT, FILE);
    given(requested(), new ReportStarted(REPORT, 1), completed)
        .when(new DeleteReport(REPORT), HER)
        .expectEvents(new ReportDeleted(REPORT, FILE.name()));
    given(requested(), new ReportStarted(REPORT, 1), completed, new ReportDeleted(REPORT, "x"))
        .when(new DeleteReport(REPORT), HER)
        .expectNoEvents();
    given(requested(), new ReportStarted(REPORT, 1), new ReportDeleted(REPORT, ""))
        .when(new CompleteReport(REPORT, 1, FILE), SERVICE)
        .expectResultMessagePayload(false)
        .expectNoEvents();
  }

  @Test
  void credentialWithoutTheScopesOfTheTypeDoesNotDeleteTheReport() {
    var metadata =
        new Caller(
                HOME,
                ADA,
                Actor.ofUser(ADA),
                CredentialId.next(),
                Role.MEMBER,
                Set.of(Scope.USAGE_READ),
                false,
                false)
            .asMetadata("req_2222222222");
    var rejection = InsufficientScope.allOf(Set.of(Scope.SESSIONS_READ));
    given(requested()).when(new DeleteReport(REPORT), metadata).expectExceptionDetails(rejection);
    given(requested()).when(new CancelReport(REPORT), metadata).expectExceptionDetails(rejection);
  }

  @Test
  void otherUsersDoNotFindTheReport() {
    given(requested())
        .when(new CancelReport(REPORT), COLLEAGUE)
        .expectExceptionDetails(NotFound.of(REPORT));
    given(requested())
        .when(new DeleteReport(REPORT), COLLEAGUE)
        .expectExceptionDetails(NotFound.of(REPORT));
  }
}
