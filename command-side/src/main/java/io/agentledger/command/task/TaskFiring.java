package io.agentledger.command.task;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskCommand.SuspendTask;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSchedule.MissedRuns;
import io.agentledger.api.task.TaskSchedule.Overlap;
import io.agentledger.api.task.TaskSchedule.Timing;
import io.agentledger.command.support.ScheduledJobs;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.TenantSuspendedException;
import io.agentledger.command.task.TaskReader.ScheduledTask;
import io.agentledger.store.task.ScheduleTimes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues the executions of schedules. Each setting of a schedule has one job, which is due at its
 * next time; the job of an earlier setting removes itself. A time starts one execution, however
 * often and on however many nodes its job runs, because the id of the execution is derived from it.
 */
final class TaskFiring {
  static final String NAME = "fire-task";
  private static final Logger log = LoggerFactory.getLogger(TaskFiring.class);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(10);

  /** More than the database rounds the time of a job by, less than any distance of two times. */
  private static final Duration PRECISION = Duration.ofSeconds(1);

  /** Delay after which a time counts as missed. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final TaskReader reader;
  private final ExecutionQueueTable queue;
  private final TenantMembership members;
  private final ExecutionCommandSender commands;
  private final Clock clock;

  TaskFiring(
      TaskReader reader,
      ExecutionQueueTable queue,
      TenantMembership members,
      ExecutionCommandSender commands,
      Clock clock) {
    this.reader = reader;
    this.queue = queue;
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
  record JobData(String task, long sequence, @Nullable String due) {}

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
                  () -> fire(new TaskId(data.task()), data.sequence(), due),
                  new JobData(data.task(), data.sequence(), null),
                  repeated);
            });
  }

  /** Returns the data of the next attempt, which is for the same time. */
  private static JobData repeated(Execution execution) {
    var data = (JobData) execution.taskInstance.getData();
    return data.due() != null
        ? data
        : new JobData(data.task(), data.sequence(), execution.getExecutionTime().toString());
  }

  /**
   * Schedules the next time of a schedule in the caller's transaction. Idempotent. A single time
   * that has just passed is scheduled, too; its job decides whether it counts as missed.
   */
  static void schedule(
      SchedulerClient jobs, TaskId task, TaskSchedule schedule, long sequence, Instant now) {
    var first =
        schedule.timing() instanceof Timing.Once once
            ? Optional.of(once.at())
            : ScheduleTimes.findNext(schedule.timing(), now);
    first.ifPresent(
        next ->
            jobs.scheduleIfNotExists(
                new TaskInstance<>(
                    NAME, task + "." + sequence, new JobData(task.value(), sequence, null)),
                next));
  }

  /**
   * Queues the executions that are due; returns the next time of the schedule.
   *
   * @throws TenantSuspendedException if the times wait for the resumption of the tenant, like those
   *     that the service misses while it is stopped
   */
  Optional<Instant> fire(TaskId task, long sequence, Instant due) {
    var found = reader.findScheduled(task).filter(current -> current.sequence() == sequence);
    if (found.isEmpty()) return Optional.empty(); // Paused, archived, or replaced.
    var scheduled = found.get();
    var schedule = scheduled.properties().schedule();
    var now = clock.instant();
    for (var at : findDue(schedule, due, now)) queue(task, scheduled, at);
    return ScheduleTimes.findNext(schedule.timing(), now);
  }

  private static List<Instant> findDue(TaskSchedule schedule, Instant due, Instant now) {
    var from = due.minus(PRECISION);
    var times = ScheduleTimes.findLast(schedule.timing(), from, now, TaskSchedule.MISSED_MAX);
    var punctual = times.stream().filter(at -> !at.isBefore(now.minus(GRACE))).toList();
    if (schedule.missedRuns() == MissedRuns.RUN_ALL) return times;
    return schedule.missedRuns() == MissedRuns.RUN_ONCE && punctual.isEmpty() && !times.isEmpty()
        ? List.of(times.getLast())
        : punctual;
  }

  private void queue(TaskId task, ScheduledTask scheduled, Instant at) {
    var execution = ExecutionId.ofSchedule(task, at);
    if (reader.isQueued(execution)) return; // Otherwise it would cancel later ones.
    var overlap = scheduled.properties().schedule().overlap();
    var open = queue.listOpen(task).stream().filter(id -> !id.equals(execution)).toList();
    if (overlap == Overlap.SKIP && !open.isEmpty()) {
      log.atInfo()
          .addKeyValue("taskId", task)
          .addKeyValue("scheduledAt", at)
          .log("a time of a schedule was skipped, because an earlier execution has not ended");
      return;
    }
    var principal = scheduled.properties().principal();
    var role = members.findActiveRole(scheduled.tenant(), principal.userId());
    if (role.isEmpty()) {
      if (members.isSuspended(scheduled.tenant()))
        throw new TenantSuspendedException(
            scheduled.properties().schedule().timing(), clock.instant());
      var reason = "The owner of the task is disabled or has left the tenant.";
      commands.send(scheduled.tenant(), new SuspendTask(task, reason));
      return;
    }
    var caller = principal.toCaller(scheduled.tenant(), role.get());
    if (overlap == Overlap.CANCEL_PREVIOUS)
      open.forEach(earlier -> commands.sendAs(caller, new CancelExecution(earlier)));
    var definition = scheduled.definition();
    commands.sendAs(
        caller,
        new QueueExecution(
            execution,
            new TaskRef(task, scheduled.version(), scheduled.properties().name()),
            principal,
            new ExecutionTrigger.Schedule(at, overlap == Overlap.QUEUE),
            definition.options(),
            definition.toRequest(definition.scheduleValues()),
            null,
            null));
  }
}
