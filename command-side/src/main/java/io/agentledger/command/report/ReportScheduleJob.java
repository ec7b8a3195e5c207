package io.agentledger.command.report;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportCommand.RequestReport;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportSchedule;
import io.agentledger.api.report.ReportScheduleCommand.SuspendReportSchedule;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleChanged;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleCreated;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleDeleted;
import io.agentledger.api.report.ReportScheduleEvent.ReportSchedulePaused;
import io.agentledger.api.report.ReportScheduleEvent.ReportScheduleResumed;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.support.ScheduledJobs;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.TenantSuspendedException;
import io.agentledger.store.task.ScheduleTimes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Requests the reports of schedules as their owners. As with schedules of tasks, each setting of a
 * schedule has one job, which is due at its next time; a time requests one report, however often
 * and on however many nodes its job runs, because the id of the report is derived from it. Of times
 * at which no node was available, the last one is made up for.
 */
final class ReportScheduleJob {
  static final String NAME = "request-scheduled-report";

  /** Failed reports in a row after which a schedule is paused. */
  static final int FAILURES_MAX = 5;

  private static final Duration RETRY_DELAY = Duration.ofSeconds(10);

  /** More than the database rounds the time of a job by, less than any distance of two times. */
  private static final Duration PRECISION = Duration.ofSeconds(1);

  private final EventStore events;
  private final ReportScheduleLookupTable schedules;
  private final TenantMembership members;
  private final CommandGateway commands;
  private final Clock clock;

  ReportScheduleJob(
      EventStore events,
      ReportScheduleLookupTable schedules,
      TenantMembership members,
      CommandGateway commands,
      Clock clock) {
    this.events = events;
    this.schedules = schedules;
    this.members = members;
    this.commands = commands;
    this.clock = clock;
  }

  /**
   * Data of a job, in plain types because the job table has a mapper of its own.
   *
   * @param due while an attempt is repeated, the time for which the first one was made, ISO 8601;
   *     else null
   */
  record JobData(String schedule, long sequence, @Nullable String due) {}

  CustomTask<JobData> task() {
    return Tasks.custom(NAME, JobData.class)
        .onFailure(
            (complete, operations) ->
                operations.reschedule(
                    complete,
                    complete.getTimeDone().plus(RETRY_DELAY),
                    repeated(complete.getExecution())))
        .execute(
            (instance, context) -> {
              var data = instance.getData();
              var repeated = repeated(context.getExecution());
              var due = Instant.parse(repeated.due());
              return ScheduledJobs.execute(
                  () -> request(new ReportScheduleId(data.schedule()), data.sequence(), due),
                  new JobData(data.schedule(), data.sequence(), null),
                  repeated);
            });
  }

  /** Returns the data of the next attempt, which is for the same time. */
  private static JobData repeated(Execution execution) {
    var data = (JobData) execution.taskInstance.getData();
    return data.due() != null
        ? data
        : new JobData(data.schedule(), data.sequence(), execution.getExecutionTime().toString());
  }

  /** Schedules the next time of a schedule in the caller's transaction. Idempotent. */
  static void schedule(
      SchedulerClient jobs,
      ReportScheduleId id,
      ReportSchedule schedule,
      long sequence,
      Instant now) {
    ScheduleTimes.findNext(schedule.times(), now)
        .ifPresent(
            next ->
                jobs.scheduleIfNotExists(
                    new TaskInstance<>(
                        NAME, id + "." + sequence, new JobData(id.value(), sequence, null)),
                    next));
  }

  /**
   * Requests the report that is due; returns the next time of the schedule.
   *
   * @throws TenantSuspendedException if it waits for the resumption of the tenant
   */
  Optional<Instant> request(ReportScheduleId id, long sequence, Instant due) {
    var setting = findSetting(id);
    if (setting == null || setting.sequence() != sequence) return Optional.empty();
    var now = clock.instant();
    var timing = setting.schedule().times();
    for (var at : ScheduleTimes.findLast(timing, due.minus(PRECISION), now, 1))
      request(id, setting, at);
    return ScheduleTimes.findNext(timing, now);
  }

  private void request(ReportScheduleId id, Setting setting, Instant at) {
    var owner = setting.owner();
    var role = members.findActiveRole(setting.tenant(), owner.userId());
    if (role.isEmpty()) {
      if (members.isSuspended(setting.tenant()))
        throw new TenantSuspendedException(setting.schedule().times(), clock.instant());
      suspend(id, setting, "The owner of the schedule is disabled or has left the tenant.");
      return;
    }
    var caller = owner.toCaller(setting.tenant(), role.get());
    var command =
        new RequestReport(
            ReportId.ofSchedule(id, at),
            ExecutionPrincipal.of(caller), // A role that was reduced since permits less.
            setting.schedule().reportAt(at),
            id,
            null);
    try {
      if (schedules.countFailures(id) >= FAILURES_MAX) {
        suspend(id, setting, "Its last " + FAILURES_MAX + " reports failed.");
        return;
      }
      commands.sendAndWait(
          GenericCommandMessage.asCommandMessage(command)
              .withMetaData(caller.asMetadata(Ids.random("req"))));
    } catch (RejectionException e) {
      if (e.rejection() instanceof TooMany(var type, _) && type.equals("open_reports"))
        throw e; // The attempt is repeated: some of them end soon.
      suspend(id, setting, "A report was refused: " + e.rejection().message());
    }
  }

  private void suspend(ReportScheduleId id, Setting setting, String reason) {
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new SuspendReportSchedule(id, reason))
            .withMetaData(Provenance.ofSystem(setting.tenant(), Ids.random("req")).asMetadata()));
  }

  /**
   * Schedule that is in effect.
   *
   * @param sequence of the event that set it
   */
  private record Setting(
      TenantId tenant, ExecutionPrincipal owner, ReportSchedule schedule, long sequence) {}

  /** Returns the setting of a schedule; null while it is paused, and after its deletion. */
  private @Nullable Setting findSetting(ReportScheduleId id) {
    Setting setting = null;
    boolean isActive = true;
    var messages = events.readEvents(id.value());
    while (messages.hasNext()) {
      DomainEventMessage<?> message = messages.next();
      switch (message.getPayload()) {
        case ReportScheduleCreated created ->
            setting =
                new Setting(
                    Provenance.of(message.getMetaData()).tenant(),
                    created.owner(),
                    created.properties(),
                    message.getSequenceNumber());
        case ReportScheduleChanged changed ->
            setting =
                new Setting(
                    Provenance.of(message.getMetaData()).tenant(),
                    changed.owner(),
                    changed.properties(),
                    message.getSequenceNumber());
        case ReportScheduleResumed resumed -> {
          isActive = true;
          if (setting != null)
            setting =
                new Setting(
                    setting.tenant(),
                    setting.owner(),
                    resumed.properties(),
                    message.getSequenceNumber());
        }
        case ReportSchedulePaused _, ReportScheduleDeleted _ -> isActive = false;
        default -> {}
      }
    }
    return isActive ? setting : null;
  }
}
