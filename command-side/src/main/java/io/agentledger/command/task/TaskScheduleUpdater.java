package io.agentledger.command.task;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.agentledger.api.task.TaskEvent.TaskChanged;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.api.task.TaskEvent.TaskResumed;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSchedule;
import java.time.Clock;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.SequenceNumber;

/** Schedules the first time of each schedule in the transaction of the event that sets it. */
@ProcessingGroup(TaskScheduleUpdater.GROUP)
final class TaskScheduleUpdater {
  static final String GROUP = "task-schedules";

  private final SchedulerClient jobs;
  private final Clock clock;

  TaskScheduleUpdater(SchedulerClient jobs, Clock clock) {
    this.jobs = jobs;
    this.clock = clock;
  }

  @EventHandler
  void on(TaskCreated event, @SequenceNumber long sequence) {
    schedule(event.taskId(), event.properties().schedule(), sequence);
  }

  @EventHandler
  void on(TaskChanged event, @SequenceNumber long sequence) {
    schedule(event.taskId(), event.properties().schedule(), sequence);
  }

  @EventHandler
  void on(TaskResumed event, @SequenceNumber long sequence) {
    schedule(event.taskId(), event.schedule(), sequence);
  }

  private void schedule(TaskId task, TaskSchedule schedule, long sequence) {
    TaskFiring.schedule(jobs, task, schedule, sequence, clock.instant());
  }
}
