package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.TasksLeftRunning;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.TaskNotRunning;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Background tasks of the agent. A task ends with its process. */
final class BackgroundTasks {
  /**
   * Far more than the CLI runs at once; beyond it, the oldest can no longer be stopped
   * individually.
   */
  private static final int TASKS_MAX = 64;

  private List<RunningTask> running = new ArrayList<>();

  /**
   * @param stopping whether a stop was requested
   */
  record RunningTask(String id, ProcessId process, boolean stopping) {
    RunningTask asStopping() {
      return new RunningTask(id, process, true);
    }
  }

  boolean isRunning(String id) {
    return running.stream().anyMatch(task -> task.id().equals(id));
  }

  void stop(SessionId session, String id) {
    if (!isRunning(id)) throw new RejectionException(new TaskNotRunning(id));
    apply(new TaskStopRequested(session, id));
  }

  /** Requests all tasks to stop, except those that were requested before. */
  void stopAll(SessionId session) {
    var ids = running.stream().filter(task -> !task.stopping()).map(RunningTask::id).toList();
    ids.forEach(id -> apply(new TaskStopRequested(session, id)));
  }

  /** Records the tasks that are still running at the end of a run, of earlier runs, too. */
  void recordRunning(SessionId session, RunId endedRun) {
    var ids = running.stream().map(RunningTask::id).toList();
    if (!ids.isEmpty()) apply(new TasksLeftRunning(session, endedRun, ids));
  }

  boolean isAnyRunning() {
    return !running.isEmpty();
  }

  List<RunningTask> runningAt(Predicate<ProcessId> processes) {
    return running.stream().filter(task -> processes.test(task.process())).toList();
  }

  void on(TaskStopRequested event) {
    running.replaceAll(task -> task.id().equals(event.taskId()) ? task.asStopping() : task);
  }

  void on(OutputEvent event) {
    switch (event) {
      case TaskStarted started -> {
        running.add(new RunningTask(started.taskId(), started.sourcePosition().processId(), false));
        if (running.size() > TASKS_MAX) running.removeFirst();
      }
      case TaskEnded ended -> running.removeIf(task -> task.id().equals(ended.taskId()));
      default -> {}
    }
  }

  void onProcessStarted(ProcessId process) {
    running.removeIf(task -> !task.process().equals(process));
  }
}
