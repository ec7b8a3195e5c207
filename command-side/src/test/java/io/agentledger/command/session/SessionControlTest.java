package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.StoreConversation;
import io.agentledger.api.session.event.LifecycleEvent.ConversationStored;
import io.agentledger.api.session.event.LifecycleEvent.ModelSet;
import io.agentledger.api.session.event.LifecycleEvent.PermissionModeSet;
import io.agentledger.api.session.event.LifecycleEvent.TasksLeftRunning;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.QueryNotQueued;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import io.agentledger.api.shared.SessionRejection.TaskNotRunning;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes to a session during a run. */
class SessionControlTest extends SessionFixture {
  private static final String TASK = "b1";

  private static TaskStarted taskStarted(ProcessId process) {
    var sourcePosition = new SourcePosition(process, 1, SourcePosition.Source.JOURNAL, 900);
    return new TaskStarted(
        SESSION, RUN, MAIN, sourcePosition, TASK, "local_bash", CALL, Content.ABSENT);
  }

  private static TaskEnded taskEnded() {
    var sourcePosition = new SourcePosition(PROCESS, 1, SourcePosition.Source.JOURNAL, 950);
    return new TaskEnded(
        SESSION, RUN, MAIN, sourcePosition, TASK, TaskStatus.COMPLETED, Content.ABSENT);
  }

  private static List<Object> givenRun(Object... more) {
    var all = new ArrayList<Object>(List.of(running()));
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void settingAppliesToTheFollowingPrompt() {
    session
        .given(opened())
        .when(
            submit(
                new Input.SetModel("haiku"),
                new Input.SetPermissionMode(PermissionMode.PLAN),
                prompt(QUERY, RUN, "hi")))
        .expectEvents(
            new ModelSet(SESSION, "haiku"),
            new PermissionModeSet(SESSION, PermissionMode.PLAN),
            new QueryIssued(
                SESSION,
                QUERY,
                RUN,
                QueryEvent.Cause.USER,
                OPTIONS.withModel("haiku").withPermissionMode(PermissionMode.PLAN),
                sealed(QueryIssued.class, "prompt", "hi")),
            activityChanged(io.agentledger.api.session.Activity.RUNNING));
  }

  @Test
  void unchangedSettingRecordsNothing() {
    session
        .given(givenRun())
        .when(
            submit(
                new Input.SetModel(OPTIONS.model()),
                new Input.SetPermissionMode(OPTIONS.permissionMode())))
        .expectNoEvents();
  }

  @Test
  void waitingQueryIsWithdrawn() {
    session
        .given(givenRun(queued(NEXT_QUERY, NEXT_RUN, "and then")))
        .when(submit(new Input.Withdraw(NEXT_QUERY)))
        .expectEvents(new QueryWithdrawn(SESSION, NEXT_QUERY, List.of(NEXT_RUN)));
    session
        .given(givenRun())
        .when(submit(new Input.Withdraw(QUERY)))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new QueryNotQueued(QUERY.value()));
  }

  @Test
  void runningTaskIsStopped() {
    session
        .given(givenRun(taskStarted(PROCESS)))
        .when(submit(new Input.StopTask(TASK)))
        .expectEvents(new TaskStopRequested(SESSION, TASK));
    session
        .given(givenRun(taskStarted(PROCESS), taskEnded()))
        .when(submit(new Input.StopTask(TASK)))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new TaskNotRunning(TASK));
  }

  @Test
  void conversationThatAProcessLeftIsRecordedOnce() {
    var stored = new ConversationStored(SESSION, PROCESS, "c0ffee", 7);
    session
        .given(givenRun(completed(), idle()))
        .when(new StoreConversation(SESSION, PROCESS, 1, "c0ffee", 7))
        .expectEvents(stored);
    session
        .given(givenRun(completed(), idle(), stored))
        .when(new StoreConversation(SESSION, PROCESS, 2, "c0ffee", 7))
        .expectNoEvents();
    session
        .given(givenRun(completed(), idle()))
        .when(new StoreConversation(SESSION, PROCESS, 0, "c0ffee", 7))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(0, 1));
  }

  @Test
  void interruptStopsBackgroundTasksOnce() {
    session
        .given(givenRun(taskStarted(PROCESS)))
        .when(submit(new Input.Interrupt(), new Input.Interrupt()))
        .expectEvents(new InterruptRequested(SESSION, RUN), new TaskStopRequested(SESSION, TASK));
  }

  @Test
  void interruptStopsBackgroundTasksOfARunThatHasEnded() {
    session
        .given(givenRun(taskStarted(PROCESS), completed(), idle()))
        .when(submit(new Input.Interrupt()))
        .expectEvents(new TaskStopRequested(SESSION, TASK));
  }

  @Test
  void taskThatBeganWhileItsRunWasInterruptedIsStoppedAtItsEnd() {
    session
        .given(givenRun(new InterruptRequested(SESSION, RUN), taskStarted(PROCESS)))
        .when(new EndInterruptedRun(SESSION, RUN, 1, SECOND, null))
        .expectEvents(
            new TaskStopRequested(SESSION, TASK),
            new RunInterrupted(SESSION, RUN, NOTHING_USED),
            new TasksLeftRunning(SESSION, RUN, List.of(TASK)),
            idle());
  }

  @Test
  void tasksOfARunThatStillRunAtItsEndAreRecorded() {
    session
        .given(givenRun(taskStarted(PROCESS)))
        .when(new FinishRun(SESSION, RUN, 1, StopReason.COMPLETED, SECOND, "done", null))
        .expectEvents(
            new RunCompleted(
                SESSION,
                RUN,
                StopReason.COMPLETED,
                NOTHING_USED,
                sealed(RunCompleted.class, "result", "done"),
                Content.ABSENT),
            new TasksLeftRunning(SESSION, RUN, List.of(TASK)),
            idle());
  }

  @Test
  void taskThatEndsWithItsProcessIsRecordedAfterItsRun() {
    var ended =
        new TaskEnded(
            SESSION,
            RUN,
            MAIN,
            sourcePosition(SourcePosition.Source.RUNNER, 0),
            TASK,
            TaskStatus.STOPPED,
            sealed(TaskEnded.class, "summary", "The session was closed."));
    session
        .given(givenRun(taskStarted(PROCESS), completed(), idle()))
        .when(record(ended))
        .expectEvents(ended);
  }

  private static Object idle() {
    return activityChanged(io.agentledger.api.session.Activity.IDLE);
  }

  private static RunCompleted completed() {
    return new RunCompleted(
        SESSION, RUN, StopReason.COMPLETED, NOTHING_USED, Content.ABSENT, Content.ABSENT);
  }
}
