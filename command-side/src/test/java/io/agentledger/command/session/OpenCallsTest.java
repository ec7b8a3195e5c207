package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.RecordProcessEnd;
import io.agentledger.api.session.command.SessionCommand.TimeOutRun;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.LifecycleEvent.TasksLeftRunning;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.AlreadyResolved;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every tool call gets an outcome, whatever happens to its process. */
class OpenCallsTest extends SessionFixture {
  private static final ThreadId SUBAGENT = new ThreadId("thr_3333333333");
  private static final FinishRun FINISH =
      new FinishRun(SESSION, RUN, 1, StopReason.COMPLETED, SECOND, "done", null);

  private static ToolCalled called(ToolCallId call, ThreadId thread, Verdict verdict) {
    return new ToolCalled(
        SESSION,
        RUN,
        thread,
        sourcePosition(100),
        call,
        "toolu_1",
        "Bash",
        "digest",
        verdict,
        "a rule",
        sealed(ToolCalled.class, "input", "{}"),
        Content.ABSENT);
  }

  private static ToolCalled called(Verdict verdict) {
    return called(CALL, MAIN, verdict);
  }

  private static ToolReturned lost(ToolCallId call, ThreadId thread, CallStatus status) {
    var position = sourcePosition(Source.RUNNER, 0);
    return new ToolReturned(SESSION, RUN, thread, position, call, status, Content.ABSENT);
  }

  private static ToolReturned lost() {
    return lost(CALL, MAIN, CallStatus.UNKNOWN);
  }

  private static PermissionDecided decided(Decision decision) {
    return new PermissionDecided(
        SESSION, ACTION, decision, "digest", Content.ABSENT, Content.ABSENT);
  }

  private static TaskStarted taskStarted() {
    return new TaskStarted(
        SESSION,
        RUN,
        MAIN,
        sourcePosition(90),
        "task-1",
        "local_agent",
        OTHER_CALL,
        Content.ABSENT);
  }

  private static TaskEnded taskEnded(String summary) {
    return new TaskEnded(
        SESSION,
        RUN,
        MAIN,
        sourcePosition(Source.RUNNER, 0),
        "task-1",
        TaskStatus.STOPPED,
        sealed(TaskEnded.class, "summary", summary));
  }

  private static RunCompleted completed() {
    return new RunCompleted(
        SESSION,
        RUN,
        StopReason.COMPLETED,
        NOTHING_USED,
        sealed(RunCompleted.class, "result", "done"),
        Content.ABSENT);
  }

  private static FailRun fail() {
    return new FailRun(SESSION, RUN, 1, 1, Failure.CLI, true, SECOND, "oops", PROCESS);
  }

  @Test
  void nextAttemptRecordsWhatItsLostProcessWasAt() {
    session
        .given(running(taskStarted(), called(Verdict.ALLOWED)))
        .when(start(2, OTHER_PROCESS, 2))
        .expectEvents(lost(), taskEnded("Its process has ended."), started(2, OTHER_PROCESS, 2));
  }

  @Test
  void callThatAUserAllowedBeforeItsProcessEndedHasAnUnknownOutcome() {
    session
        .given(
            running(
                called(Verdict.ASKED),
                permissionRequested(ACTION, CALL),
                activityChanged(Activity.WAITING, ACTION),
                decided(Decision.ALLOW),
                activityChanged(Activity.RUNNING)))
        .when(start(2, OTHER_PROCESS, 2))
        .expectEvents(lost(), started(2, OTHER_PROCESS, 2));
  }

  @Test
  void callThatWaitedForADecisionExpiresWithItsProcess() {
    session
        .given(
            running(
                called(Verdict.ASKED),
                permissionRequested(ACTION, CALL),
                activityChanged(Activity.WAITING, ACTION)))
        .when(fail())
        .expectEvents(
            expired(ACTION, ExpiryReason.RUN_ENDED),
            lost(CALL, MAIN, CallStatus.EXPIRED),
            failed(Failure.CLI, true, NOTHING_USED),
            activityChanged(Activity.RETRYING));
  }

  @Test
  void callWhoseQuestionWasAnsweredHasAnUnknownOutcome() {
    var question =
        new QuestionAsked(
            SESSION, RUN, MAIN, ACTION, CALL, new AnswerTimeout.Unlimited(), Content.ABSENT);
    session
        .given(
            running(
                called(Verdict.ASKED),
                question,
                activityChanged(Activity.WAITING, ACTION),
                new QuestionAnswered(SESSION, ACTION, Content.ABSENT),
                activityChanged(Activity.RUNNING)))
        .when(start(2, OTHER_PROCESS, 2))
        .expectEvents(lost(), started(2, OTHER_PROCESS, 2));
  }

  @Test
  void decisionForAProcessThatIsGoneIsRefused() {
    session
        .given(
            running(
                called(Verdict.ASKED),
                permissionRequested(ACTION, CALL),
                expired(ACTION, ExpiryReason.RUN_ENDED),
                lost(CALL, MAIN, CallStatus.EXPIRED)))
        .when(submit(new Input.Decide(ACTION, Decision.ALLOW, null, null, null)))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new AlreadyResolved(ACTION.value()));
  }

  @Test
  void callThatWasDeniedEndsAsDenied() {
    var end = lost(CALL, MAIN, CallStatus.DENIED);
    session
        .given(running(called(Verdict.DENIED)))
        .when(FINISH)
        .expectEvents(end, completed(), activityChanged(Activity.IDLE));
    session
        .given(
            running(
                called(Verdict.ASKED),
                permissionRequested(ACTION, CALL),
                activityChanged(Activity.WAITING, ACTION),
                decided(Decision.DENY),
                activityChanged(Activity.RUNNING)))
        .when(FINISH)
        .expectEvents(end, completed(), activityChanged(Activity.IDLE));
  }

  @Test
  void endOfARunEndsItsCalls() {
    session
        .given(running(called(Verdict.ALLOWED)))
        .when(FINISH)
        .expectEvents(lost(), completed(), activityChanged(Activity.IDLE));
    session
        .given(running(called(Verdict.ALLOWED)))
        .when(new TimeOutRun(SESSION, RUN, Duration.ofHours(1)))
        .expectEvents(
            lost(),
            new RunFailed(
                SESSION,
                RUN,
                Failure.TIMEOUT,
                false,
                new RunTotals(
                    NOTHING_USED.usage(),
                    NOTHING_USED.costUsd(),
                    Duration.ofHours(1),
                    0,
                    List.of()),
                sealed(RunFailed.class, "error", "The run exceeded its timeout.")),
            activityChanged(Activity.IDLE));
  }

  @Test
  void callOfABackgroundTaskGoesOnAfterTheRunAndEndsWithItsProcess() {
    var leftRunning =
        running(
            called(OTHER_CALL, SUBAGENT, Verdict.ALLOWED), taskStarted(), called(Verdict.ALLOWED));
    var tasksLeft = new TasksLeftRunning(SESSION, RUN, List.of("task-1"));
    session
        .given(leftRunning)
        .when(FINISH)
        .expectEvents(lost(), completed(), tasksLeft, activityChanged(Activity.IDLE));
    session
        .given(concat(leftRunning, lost(), completed(), tasksLeft, activityChanged(Activity.IDLE)))
        .when(end(PROCESS, 1))
        .expectEvents(
            lost(OTHER_CALL, SUBAGENT, CallStatus.UNKNOWN), taskEnded("The process ended."));
  }

  private static RecordProcessEnd end(ProcessId process, long epoch) {
    return new RecordProcessEnd(SESSION, process, epoch, "The process ended.");
  }

  @Test
  void attemptEndsInTheSameCommitAsItsProcess() {
    var atWork =
        running(
            called(OTHER_CALL, SUBAGENT, Verdict.ALLOWED),
            taskStarted(),
            called(Verdict.ASKED),
            permissionRequested(ACTION, CALL),
            activityChanged(Activity.WAITING, ACTION));
    var subagentLost = lost(OTHER_CALL, SUBAGENT, CallStatus.UNKNOWN);
    var actionExpired = expired(ACTION, ExpiryReason.RUN_ENDED);
    var callExpired = lost(CALL, MAIN, CallStatus.EXPIRED);
    var taskEnded = taskEnded("The process ended.");
    session
        .given(atWork)
        .when(fail())
        .expectEvents(
            subagentLost,
            actionExpired,
            callExpired,
            taskEnded,
            failed(Failure.CLI, true, NOTHING_USED),
            activityChanged(Activity.RETRYING));
    session
        .given(atWork)
        .when(new EndInterruptedRun(SESSION, RUN, 1, SECOND, PROCESS))
        .expectEvents(
            subagentLost,
            actionExpired,
            callExpired,
            taskEnded,
            new RunInterrupted(SESSION, RUN, NOTHING_USED),
            activityChanged(Activity.IDLE));
  }

  @Test
  void endOfAProcessIsRecordedOnceAndOfThatProcessAlone() {
    session.given(running(called(Verdict.ALLOWED), lost())).when(end(PROCESS, 1)).expectNoEvents();
    session.given(running(called(Verdict.ALLOWED))).when(end(OTHER_PROCESS, 1)).expectNoEvents();
  }

  @Test
  void lateWordOfALostCallIsNotRecorded() {
    session
        .given(running(called(Verdict.ALLOWED), lost()))
        .when(
            record(
                new ToolCalled(
                    SESSION,
                    RUN,
                    MAIN,
                    sourcePosition(200),
                    CALL,
                    "toolu_1",
                    "Bash",
                    "digest",
                    Verdict.REFUSED,
                    "refused by the CLI",
                    sealed(ToolCalled.class, "input", "{}"),
                    Content.ABSENT),
                new ToolReturned(
                    SESSION,
                    RUN,
                    MAIN,
                    sourcePosition(200),
                    CALL,
                    CallStatus.FAILED,
                    sealed(ToolReturned.class, "output", "\"late\""))))
        .expectNoEvents();
  }
}
