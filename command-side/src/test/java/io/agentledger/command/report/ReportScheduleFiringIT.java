package io.agentledger.command.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportCommand;
import io.agentledger.api.report.ReportCommand.CancelReport;
import io.agentledger.api.report.ReportCommand.DeleteReport;
import io.agentledger.api.report.ReportCommand.FailReport;
import io.agentledger.api.report.ReportCommand.RequestReport;
import io.agentledger.api.report.ReportCommand.StartReport;
import io.agentledger.api.report.ReportDefinition;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.report.ReportFailure;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportPeriod;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ChangeReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.CreateReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.ResumeReportSchedule;
import io.agentledger.api.report.ReportScheduleEvent.ReportSchedulePaused;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportSubject.PersonalData;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.TenantSuspendedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.DomainEventMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Firings of report schedules, on a real PostgreSQL. */
class ReportScheduleFiringIT extends CommandTestSupport {
  private static final ReportFailure FAILURE = new ReportFailure("lost", "It was lost.");

  @Autowired private ReportScheduleLookupTable schedules;
  @Autowired private TenantMembership members;
  @Autowired private SchedulerClient jobs;

  private final Caller owner =
      Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
  private final ExecutionPrincipal principal = ExecutionPrincipal.of(owner);

  /** Time of the schedules that was half an hour ago; the next ones follow by the hour. */
  private final Instant last =
      Instant.now().minus(Duration.ofMinutes(30)).truncatedTo(ChronoUnit.MINUTES);

  @BeforeEach
  void joinTenant() {
    sql.sql(
            """
            insert into identity_user (user_id, tenant, role, disabled)
            values (?, ?, 'MEMBER', false)""")
        .params(owner.user().value(), owner.tenant().value())
        .update();
  }

  /** Reports are not made, so that only the tests end them. */
  @BeforeEach
  void discardJobsOfReports() {
    owner()
        .sql(
            "create function discard_report_job() returns trigger language plpgsql"
                + " as $$ begin return null; end $$")
        .update();
    owner()
        .sql(
            "create trigger discard_report_job before insert on report_job"
                + " for each row execute function discard_report_job()")
        .update();
  }

  @AfterEach
  void keepJobsOfReports() {
    owner().sql("drop function discard_report_job() cascade").update();
  }

  private ReportDefinition personalData() {
    return new ReportDefinition(new PersonalData(owner.user()), ReportFormat.JSON, "UTC");
  }

  private ReportSchedule schedule(String expression) {
    return new ReportSchedule("Often", expression, "UTC", personalData(), ReportPeriod.NONE);
  }

  private String hourly() {
    return last.atOffset(ZoneOffset.UTC).getMinute() + " * * * *";
  }

  private ReportScheduleId create() {
    var id = ReportScheduleId.next();
    send(new CreateReportSchedule(id, principal, schedule(hourly()), null), owner);
    return id;
  }

  private ReportScheduleJob jobAt(Instant now) {
    var clock = Clock.fixed(now, ZoneOffset.UTC);
    return new ReportScheduleJob(store, schedules, members, commands, clock);
  }

  /** Fires the setting of a sequence some hours later, and returns the report of the time. */
  private ReportId fire(ReportScheduleId schedule, long sequence, int hours) {
    var at = last.plus(Duration.ofHours(hours));
    jobAt(at).request(schedule, sequence, at);
    return ReportId.ofSchedule(schedule, at);
  }

  private void fail(ReportId report) {
    int attempt = send(new StartReport(report), owner);
    send(new FailReport(report, attempt, FAILURE), owner);
  }

  private List<Object> eventsOf(String id) {
    return store.readEvents(id).asStream().<Object>map(DomainEventMessage::getPayload).toList();
  }

  private boolean isRequested(ReportId report) {
    return !eventsOf(report.value()).isEmpty();
  }

  @Test
  void scheduleIsPausedAfterFiveFailedReportsInARow() {
    var schedule = create();
    for (int hours = 1; hours <= 5; hours++) fail(fire(schedule, 0, hours));
    assertThat(isRequested(fire(schedule, 0, 6))).isFalse();
    assertThat(eventsOf(schedule.value()).getLast())
        .isEqualTo(new ReportSchedulePaused(schedule, "Its last 5 reports failed."));

    send(new ResumeReportSchedule(schedule, null), owner);
    assertThat(isRequested(fire(schedule, 2, 7))).as("failures before it do not count").isTrue();
  }

  @Test
  void deletedReportsCountAmongTheFailedOnes() {
    var schedule = create();
    for (int hours = 1; hours <= 5; hours++) {
      var report = fire(schedule, 0, hours);
      fail(report);
      send(new DeleteReport(report), owner);
    }
    assertThat(isRequested(fire(schedule, 0, 6))).isFalse();
    assertThat(eventsOf(schedule.value()).getLast()).isInstanceOf(ReportSchedulePaused.class);
  }

  @Test
  void reportIsRequestedWithTheRightsOfThePresentRole() {
    var admin =
        new ExecutionPrincipal(owner.user(), EnumSet.allOf(Scope.class), false); // Once an admin.
    var schedule = ReportScheduleId.next();
    send(new CreateReportSchedule(schedule, admin, schedule(hourly()), null), owner);
    var requested = (ReportRequested) eventsOf(fire(schedule, 0, 1).value()).getFirst();
    assertThat(requested.requester().scopes()).isEqualTo(Role.MEMBER.scopes());
  }

  @Test
  void reportThatDidNotFailInterruptsTheRow() {
    var schedule = create();
    for (int hours = 1; hours <= 4; hours++) fail(fire(schedule, 0, hours));
    send(new CancelReport(fire(schedule, 0, 5)), owner);
    for (int hours = 6; hours <= 9; hours++) fail(fire(schedule, 0, hours));
    assertThat(isRequested(fire(schedule, 0, 10))).isTrue();
    assertThat(eventsOf(schedule.value())).hasSize(1);
  }

  @Test
  void changedScheduleRequestsAtItsNewTimesWithItsNewRights() {
    var schedule = create();
    var reader =
        new ExecutionPrincipal(owner.user(), Set.of(Scope.SESSIONS_READ, Scope.USAGE_READ), false);
    send(new ChangeReportSchedule(schedule, reader, schedule("0 0 1 1 *"), 1), owner);
    assertThat(isRequested(fire(schedule, 0, 1))).as("the job of the old setting").isFalse();
    var newYear = Instant.parse("2040-01-01T00:00:00Z");
    assertThat(jobAt(newYear).request(schedule, 1, newYear))
        .contains(Instant.parse("2041-01-01T00:00:00Z"));
    var requested =
        (ReportRequested) eventsOf(ReportId.ofSchedule(schedule, newYear).value()).getFirst();
    assertThat(requested.requester()).isEqualTo(reader);
    assertThat(jobs.getScheduledExecution(job(schedule, 1))).isPresent();
  }

  private static TaskInstanceId job(ReportScheduleId schedule, long sequence) {
    return TaskInstanceId.of(ReportScheduleJob.NAME, schedule + "." + sequence);
  }

  @Test
  void scheduleOfADisabledUserIsPausedWithTheReason() {
    var schedule = create();
    sql.sql("update identity_user set disabled = true where user_id = ?")
        .param(owner.user().value())
        .update();
    assertThat(isRequested(fire(schedule, 0, 1))).isFalse();
    assertThat(eventsOf(schedule.value()).getLast())
        .isInstanceOfSatisfying(
            ReportSchedulePaused.class, paused -> assertThat(paused.reason()).contains("disabled"));
  }

  @Test
  void firingWaitsWhileTheUserHasTooManyOpenReports() {
    var open = new ArrayList<ReportId>();
    for (int i = 0; i < ReportCommand.OPEN_MAX; i++) {
      open.add(ReportId.next());
      send(new RequestReport(open.getLast(), principal, personalData(), null, null), owner);
    }
    var schedule = create();
    assertThatThrownBy(() -> fire(schedule, 0, 1))
        .isInstanceOfSatisfying(
            RejectionException.class,
            refused ->
                assertThat(refused.rejection())
                    .isEqualTo(new TooMany("open_reports", ReportCommand.OPEN_MAX)));
    assertThat(eventsOf(schedule.value())).as("it is not paused").hasSize(1);
    send(new DeleteReport(open.getFirst()), owner);
    assertThat(isRequested(fire(schedule, 0, 1))).isTrue();
  }

  @Test
  void failedFiringIsRepeatedForTheSameTime() {
    var schedule = create();
    refuseReports("create");
    try {
      jobs.reschedule(job(schedule, 0), last);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> jobOf(schedule).getConsecutiveFailures() > 0);
      assertThat(isRequested(ReportId.ofSchedule(schedule, last))).isFalse();
    } finally {
      refuseReports("drop");
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> isRequested(ReportId.ofSchedule(schedule, last)));
    var next =
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> jobOf(schedule), job -> job.getExecutionTime().isAfter(Instant.now()));
    assertThat(next.getExecutionTime()).isEqualTo(last.plus(Duration.ofHours(1)));
    assertThat(((ReportScheduleJob.JobData) next.getData()).due()).isNull();
  }

  private ScheduledExecution<Object> jobOf(ReportScheduleId schedule) {
    return jobs.getScheduledExecution(job(schedule, 0)).orElseThrow();
  }

  /** Lets the database refuse the reports of this tenant, until it is dropped. */
  private void refuseReports(String action) {
    var name = "refuse_" + owner.tenant().value();
    if (action.equals("drop")) {
      owner().sql("drop function " + name + "() cascade").update();
      return;
    }
    owner()
        .sql(
            "create function "
                + name
                + "() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$")
        .update();
    owner()
        .sql(
            "create trigger "
                + name
                + " before insert on report_lookup for each row when (new.tenant = '"
                + owner.tenant().value()
                + "') execute function "
                + name
                + "()")
        .update();
  }

  @Test
  void scheduleOfASuspendedTenantWaitsForItsResumption() {
    var schedule = create();
    setSuspended(owner.tenant(), true);
    assertThatThrownBy(() -> fire(schedule, 0, 1)).isInstanceOf(TenantSuspendedException.class);
    assertThat(eventsOf(schedule.value())).hasSize(1);
    setSuspended(owner.tenant(), false);
    assertThat(isRequested(fire(schedule, 0, 1))).isTrue();
  }
}
