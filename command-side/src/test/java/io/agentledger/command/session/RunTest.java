package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.ModelUsage;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.AbandonRun;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.PauseRun;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.command.SessionCommand.TimeOutRun;
import io.agentledger.api.session.command.SessionLifecycleCommand.RefuseRun;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
import io.agentledger.api.session.event.LifecycleEvent.ModelSet;
import io.agentledger.api.session.event.LifecycleEvent.SessionBudgetThresholdReached;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.BudgetExceeded;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunTest extends SessionFixture {
  private static final FinishRun FINISH =
      new FinishRun(SESSION, RUN, 1, StopReason.COMPLETED, SECOND, "done", null);

  private static FailRun fail(boolean retryable) {
    return fail(1, retryable);
  }

  private static FailRun fail(int tryNumber, boolean retryable) {
    return new FailRun(SESSION, RUN, tryNumber, 1, Failure.MODEL, retryable, SECOND, "oops", null);
  }

  private static RunCompleted completed(RunTotals runTotals) {
    return new RunCompleted(
        SESSION,
        RUN,
        StopReason.COMPLETED,
        runTotals,
        sealed(RunCompleted.class, "result", "done"),
        Content.ABSENT);
  }

  private static List<ModelUsage> opus(Usage usage, Money cost, int turns) {
    return List.of(new ModelUsage("opus", usage, cost, turns));
  }

  private static RunTotals totalsOf(int seconds) {
    return new RunTotals(
        NOTHING_USED.usage(), NOTHING_USED.costUsd(), Duration.ofSeconds(seconds), 0, List.of());
  }

  @Test
  void processStartsTheRun() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING))
        .when(start(1, PROCESS, 1))
        .expectEvents(started(1, PROCESS, 1));
  }

  @Test
  void runStartsWithItsQueryAtAProcessThatWaits() {
    waitingProcess =
        recorded ->
            recorded.equals(new RunStarter.Recorded(1, 0))
                ? Optional.of(machinery(PROCESS, 1))
                : Optional.empty();
    session
        .given(opened())
        .when(submit(prompt(QUERY, RUN, "hi")))
        .expectEvents(
            issued(QUERY, RUN, "hi"), started(1, PROCESS, 1), activityChanged(Activity.RUNNING));
  }

  @Test
  void runStartsWithTheQueryThatOpensItsSession() {
    waitingProcess =
        recorded ->
            recorded.equals(new RunStarter.Recorded(1, 0, Optional.of(opened())))
                ? Optional.of(machinery(PROCESS, 1))
                : Optional.empty();
    session
        .givenNoPriorActivity()
        .when(
            new OpenSession(
                SESSION,
                ADA,
                MAIN,
                new SessionOrigin.Fresh(),
                SessionSpec.NONE,
                WorkspaceSpec.empty(),
                List.of(prompt(QUERY, RUN, "hi")),
                null))
        .expectEvents(
            opened(),
            issued(QUERY, RUN, "hi"),
            started(1, PROCESS, 1),
            activityChanged(Activity.RUNNING));
  }

  private static final RefuseRun REFUSE =
      new RefuseRun(SESSION, RUN, Failure.TENANT_SUSPENDED, "no");

  private static RunFailed refused(RunId run) {
    return new RunFailed(
        SESSION,
        run,
        Failure.TENANT_SUSPENDED,
        false,
        UNSTARTED,
        sealed(RunFailed.class, "error", "no"));
  }

  @Test
  void refusedRunFailsAndReleasesTheNextQuery() {
    session
        .given(
            opened(),
            issued(QUERY, RUN, "hi"),
            activityChanged(Activity.RUNNING),
            queued(NEXT_QUERY, NEXT_RUN, "next"))
        .when(REFUSE)
        .expectEvents(refused(RUN), released(NEXT_QUERY, NEXT_RUN))
        .expectResultMessagePayload(true);
  }

  @Test
  void refusedRunThatAProcessExecutesIsInterruptedOnce() {
    session
        .given(
            opened(),
            issued(QUERY, RUN, "hi"),
            activityChanged(Activity.RUNNING),
            started(1, PROCESS, 1))
        .when(REFUSE)
        .expectEvents(new InterruptRequested(SESSION, RUN))
        .expectResultMessagePayload(false);
    session
        .given(
            opened(),
            issued(QUERY, RUN, "hi"),
            activityChanged(Activity.RUNNING),
            started(1, PROCESS, 1),
            new InterruptRequested(SESSION, RUN))
        .when(REFUSE)
        .expectNoEvents();
  }

  @Test
  void refusalOfARunThatHasEndedChangesNothing() {
    session.given(opened()).when(REFUSE).expectNoEvents().expectResultMessagePayload(true);
  }

  @Test
  void batchWithOtherInputsLeavesTheStartOfItsRunToAJob() {
    waitingProcess = recorded -> Optional.of(machinery(PROCESS, 1));
    session
        .given(opened())
        .when(submit(new Input.SetModel("haiku"), prompt(QUERY, RUN, "hi")))
        .expectEvents(
            new ModelSet(SESSION, "haiku"),
            issued(QUERY, RUN, OPTIONS.withModel("haiku"), "hi"),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void queuedQueryStartsNoRun() {
    waitingProcess = recorded -> Optional.of(machinery(PROCESS, 1));
    session
        .given(running())
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "next")))
        .expectEvents(queued(NEXT_QUERY, NEXT_RUN, "next"));
  }

  @Test
  void oneProcessStartsAnAttemptOnce() {
    session.given(running()).when(start(1, PROCESS, 1)).expectNoEvents();
  }

  @Test
  void nextNodeReattachesToALiveProcessWithoutANewStart() {
    session.given(running()).when(start(1, PROCESS, 2)).expectNoEvents();
  }

  @Test
  void nextNodeWithANewProcessStartsANewAttempt() {
    session
        .given(running())
        .when(start(2, OTHER_PROCESS, 2))
        .expectEvents(started(2, OTHER_PROCESS, 2));
  }

  @Test
  void newAttemptCancelsPendingActionsOfTheLostProcess() {
    session
        .given(waiting())
        .when(start(2, OTHER_PROCESS, 2))
        .expectEvents(
            expired(ACTION, ExpiryReason.RUN_ENDED),
            started(2, OTHER_PROCESS, 2),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void attemptIsStartedByOneProcessOnly() {
    session
        .given(running())
        .when(start(1, OTHER_PROCESS, 2))
        .expectException(IllegalStateException.class)
        .expectNoEvents();
  }

  @Test
  void runThatKillsItsNodesExceedsItsAttempts() {
    session
        .given(running(started(10, OTHER_PROCESS, 10)))
        .when(start(11, PROCESS, 11))
        .expectException(IllegalStateException.class);
    session
        .given(running(started(10, OTHER_PROCESS, 10)))
        .when(new AbandonRun(SESSION, RUN, 1, SECOND, "oops"))
        .expectEvents(failed(Failure.FAULT, false, NOTHING_USED), activityChanged(Activity.IDLE));
  }

  @Test
  void processOfAnEndedEpochStartsAndEndsNothing() {
    for (Object late :
        new Object[] {start(2, OTHER_PROCESS, 1), FINISH, fail(true), endInterrupted(), pause()})
      session
          .given(running(started(2, OTHER_PROCESS, 2)))
          .when(late)
          .expectException(RejectionException.class)
          .expectExceptionDetails(new StaleEpoch(1, 2))
          .expectNoEvents();
  }

  private static EndInterruptedRun endInterrupted() {
    return new EndInterruptedRun(SESSION, RUN, 1, SECOND, null);
  }

  private static PauseRun pause() {
    return new PauseRun(SESSION, RUN, 1, 1, SECOND, SHORTFALL);
  }

  @Test
  void unissuedRunCannotStart() {
    session
        .given(opened())
        .when(start(1, PROCESS, 1))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void completedRunLeavesTheSessionIdle() {
    session
        .given(running())
        .when(FINISH)
        .expectEvents(completed(NOTHING_USED), activityChanged(Activity.IDLE));
  }

  @Test
  void structuredOutputIsSealedWithTheResult() {
    session
        .given(running())
        .when(
            new FinishRun(
                SESSION, RUN, 1, StopReason.MAX_TURNS, SECOND, "done", new Json("{\"a\":1}")))
        .expectEvents(
            new RunCompleted(
                SESSION,
                RUN,
                StopReason.MAX_TURNS,
                NOTHING_USED,
                sealed(RunCompleted.class, "result", "done"),
                sealed(RunCompleted.class, "structuredOutput", "{\"a\":1}")),
            activityChanged(Activity.IDLE));
  }

  @Test
  void usageOfARunIsTheSumOfItsTurnsOverAllAttempts() {
    session
        .given(
            running(
                turnCompleted(100, "exc_1"),
                failed(
                    Failure.MODEL,
                    true,
                    new RunTotals(USAGE, CENT, Duration.ofSeconds(5), 1, opus(USAGE, CENT, 1))),
                activityChanged(Activity.RETRYING),
                started(2, PROCESS, 1),
                activityChanged(Activity.RUNNING),
                turnCompleted(200, "exc_2")))
        .when(FINISH)
        .expectEvents(
            completed(
                new RunTotals(
                    USAGE.plus(USAGE),
                    Money.ofUsd("0.02"),
                    Duration.ofSeconds(6),
                    2,
                    opus(USAGE.plus(USAGE), Money.ofUsd("0.02"), 2))),
            activityChanged(Activity.IDLE));
  }

  @Test
  void runWhoseInterruptWasRequestedIsNotPaused() {
    session
        .given(running(new InterruptRequested(SESSION, RUN)))
        .when(pause())
        .expectEvents(
            new RunInterrupted(SESSION, RUN, totalsOf(1)), activityChanged(Activity.IDLE));
  }

  @Test
  void lastOutputIsRecordedBeforeTheEndAndCounted() {
    session
        .given(running(messageReceived(100, "\"one\"")))
        .when(
            FINISH.with(
                null,
                record(
                    messageReceived(100, "\"one\""),
                    messageReceived(200, "\"two\""),
                    turnCompleted(300, "exc_1"))))
        .expectEvents(
            messageReceived(200, "\"two\""),
            turnCompleted(300, "exc_1"),
            completed(new RunTotals(USAGE, CENT, SECOND, 1, opus(USAGE, CENT, 1))),
            activityChanged(Activity.IDLE));
  }

  @Test
  void repeatedEndWithRecordedOutputRecordsNothing() {
    session
        .given(
            running(
                messageReceived(100, "\"one\""),
                completed(NOTHING_USED),
                activityChanged(Activity.IDLE)))
        .when(FINISH.with(null, record(messageReceived(100, "\"one\""))))
        .expectNoEvents();
  }

  @Test
  void outputOfAnotherRunIsNoLastOutput() {
    var output = new RecordOutput(SESSION, RunId.next(), PROCESS, 1, List.of());
    assertThatIllegalArgumentException().isThrownBy(() -> FINISH.with(null, output));
  }

  @Test
  void repeatedEndRecordsNothing() {
    for (Object end : new Object[] {FINISH, fail(true), endInterrupted(), pause()})
      session
          .given(running(completed(NOTHING_USED), activityChanged(Activity.IDLE)))
          .when(end)
          .expectNoEvents();
  }

  @Test
  void unknownRunCannotEnd() {
    session
        .given(opened())
        .when(FINISH)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void transientFailureIsRetried() {
    session
        .given(running())
        .when(fail(true))
        .expectEvents(
            failed(Failure.MODEL, true, NOTHING_USED), activityChanged(Activity.RETRYING));
  }

  @Test
  void repeatedFailureDoesNotFailTheNextTry() {
    session
        .given(
            running(
                failed(Failure.MODEL, true, NOTHING_USED),
                activityChanged(Activity.RETRYING),
                started(2, PROCESS, 1),
                activityChanged(Activity.RUNNING)))
        .when(fail(1, true))
        .expectNoEvents();
  }

  @Test
  void thirdFailureIsFinal() {
    session
        .given(
            running(
                failed(Failure.MODEL, true, totalsOf(1)),
                activityChanged(Activity.RETRYING),
                started(2, PROCESS, 1),
                activityChanged(Activity.RUNNING),
                failed(Failure.MODEL, true, totalsOf(2)),
                activityChanged(Activity.RETRYING),
                started(3, PROCESS, 1),
                activityChanged(Activity.RUNNING)))
        .when(fail(3, true))
        .expectEvents(failed(Failure.MODEL, false, totalsOf(3)), activityChanged(Activity.IDLE));
  }

  @Test
  void permanentFailureIsFinal() {
    session
        .given(running())
        .when(fail(false))
        .expectEvents(failed(Failure.MODEL, false, NOTHING_USED), activityChanged(Activity.IDLE));
  }

  @Test
  void interruptedRunIsNotRetried() {
    session
        .given(running(new InterruptRequested(SESSION, RUN)))
        .when(fail(true))
        .expectEvents(failed(Failure.MODEL, false, NOTHING_USED), activityChanged(Activity.IDLE));
  }

  @Test
  void retryContinuesTheSameRun() {
    session
        .given(
            running(failed(Failure.MODEL, true, NOTHING_USED), activityChanged(Activity.RETRYING)))
        .when(start(2, OTHER_PROCESS, 1))
        .expectEvents(started(2, OTHER_PROCESS, 1), activityChanged(Activity.RUNNING));
  }

  @Test
  void interruptBetweenTwoAttemptsEndsTheRunImmediately() {
    session
        .given(
            running(failed(Failure.MODEL, true, NOTHING_USED), activityChanged(Activity.RETRYING)))
        .when(submit(new Input.Interrupt()))
        .expectEvents(
            new InterruptRequested(SESSION, RUN),
            new RunInterrupted(SESSION, RUN, NOTHING_USED),
            activityChanged(Activity.IDLE));
  }

  @Test
  void endOfARunCancelsItsPendingActions() {
    session
        .given(waiting())
        .when(FINISH)
        .expectEvents(
            expired(ACTION, ExpiryReason.RUN_ENDED),
            completed(NOTHING_USED),
            activityChanged(Activity.IDLE));
  }

  @Test
  void timedOutRunFailsWithoutRetry() {
    session
        .given(waiting())
        .when(new TimeOutRun(SESSION, RUN, Duration.ofHours(1)))
        .expectEvents(
            expired(ACTION, ExpiryReason.RUN_ENDED),
            new RunFailed(
                SESSION,
                RUN,
                Failure.TIMEOUT,
                false,
                totalsOf(3600),
                sealed(RunFailed.class, "error", "The run exceeded its timeout.")),
            activityChanged(Activity.IDLE));
  }

  @Test
  void lateTimeoutRecordsNothing() {
    session
        .given(running(completed(NOTHING_USED), activityChanged(Activity.IDLE)))
        .when(new TimeOutRun(SESSION, RUN, Duration.ofHours(1)))
        .expectNoEvents();
  }

  @Test
  void systemAbandonsAnAttemptWithoutAProcess() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING))
        .when(new AbandonRun(SESSION, RUN, 1, SECOND, "oops"))
        .expectEvents(
            failed(Failure.FAULT, true, NOTHING_USED), activityChanged(Activity.RETRYING));
  }

  @Test
  void attemptIsAbandonedOnce() {
    session
        .given(
            running(failed(Failure.MODEL, true, NOTHING_USED), activityChanged(Activity.RETRYING)))
        .when(new AbandonRun(SESSION, RUN, 1, SECOND, "oops"))
        .expectNoEvents();
  }

  @Test
  void secondAttemptThatNeverStartsFails() {
    session
        .given(
            running(failed(Failure.MODEL, true, totalsOf(1)), activityChanged(Activity.RETRYING)))
        .when(new AbandonRun(SESSION, RUN, 2, SECOND, "oops"))
        .expectEvents(failed(Failure.FAULT, true, totalsOf(2)));
  }

  @Test
  void spentBudgetPausesTheRunUntilItIsRaised() {
    session
        .given(running())
        .when(pause())
        .expectEvents(
            new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
            activityChanged(Activity.WAITING));
    session
        .given(
            running(
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                activityChanged(Activity.WAITING)))
        .when(pause())
        .expectNoEvents();
  }

  @Test
  void raiseDuringAnAttemptResumesTheRunThatPausesAtItsEnd() {
    session
        .given(running(new BudgetSet(SESSION, new Budget.Limited(CENT))))
        .when(pause())
        .expectEvents(
            new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
            new RunResumed(SESSION, RUN, QUERY, 2, 1));
    session
        .given(
            running(
                new BudgetSet(SESSION, new Budget.Limited(CENT)),
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                new RunResumed(SESSION, RUN, QUERY, 2, 1),
                started(2, PROCESS, 1)))
        .when(new PauseRun(SESSION, RUN, 2, 1, SECOND, SHORTFALL))
        .expectEvents(
            new RunPaused(SESSION, RUN, totalsOf(2), SHORTFALL), activityChanged(Activity.WAITING));
  }

  @Test
  void repeatedPauseDoesNotPauseTheResumedRun() {
    var resumed =
        running(
            new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
            activityChanged(Activity.WAITING),
            new RunResumed(SESSION, RUN, QUERY, 2, 1),
            activityChanged(Activity.RUNNING));
    session.given(resumed).when(pause()).expectNoEvents();
    session.given(concat(resumed, started(2, PROCESS, 1))).when(pause()).expectNoEvents();
  }

  @Test
  void agentStartsARunByItself() {
    session
        .given(opened())
        .when(startBackground(BACKGROUND))
        .expectEvents(
            started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1)),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void agentRunMayAccompanyAnIssuedRun() {
    session
        .given(running())
        .when(startBackground(BACKGROUND))
        .expectEvents(started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1)));
    session
        .given(running(started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1))))
        .when(FINISH)
        .expectEvents(completed(NOTHING_USED));
  }

  @Test
  void onlyOneAgentRunIsInProgress() {
    session
        .given(running(started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1))))
        .when(startBackground(NEXT_RUN))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(NEXT_RUN.value()));
  }

  @Test
  void nextQueryResumesAPausedRunAndWaitsForIt() {
    session
        .given(
            running(
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                activityChanged(Activity.WAITING)))
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "and then?")))
        .expectEvents(
            new RunResumed(SESSION, RUN, QUERY, 2, 1),
            queued(NEXT_QUERY, NEXT_RUN, "and then?"),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void resumedRunStartsWithItsNextAttempt() {
    session
        .given(
            running(
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                activityChanged(Activity.WAITING),
                new RunResumed(SESSION, RUN, QUERY, 2, 1),
                activityChanged(Activity.RUNNING)))
        .when(start(2, PROCESS, 1))
        .expectEvents(started(2, PROCESS, 1));
  }

  @Test
  void interruptEndsARunThatWaitsForBudgetAndTheQueriesBehindIt() {
    session
        .given(
            running(
                queued(NEXT_QUERY, NEXT_RUN, "and then?"),
                new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
                activityChanged(Activity.WAITING)))
        .when(submit(new Input.Interrupt()))
        .expectEvents(
            new InterruptRequested(SESSION, RUN),
            endedByBudget(RUN, NOTHING_USED),
            released(NEXT_QUERY, NEXT_RUN),
            endedByBudget(NEXT_RUN, UNSTARTED),
            activityChanged(Activity.IDLE));
  }

  @Test
  void raisedSessionBudgetResumesThePausedRun() {
    Object[] paused =
        running(
            new BudgetSet(SESSION, new Budget.Limited(CENT)),
            turnCompleted(1, "one"),
            new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL),
            activityChanged(Activity.WAITING));
    var raised = new Budget.Limited(CENT.plus(CENT));
    session
        .given(paused)
        .when(new SetBudget(SESSION, raised))
        .expectEvents(
            new BudgetSet(SESSION, raised),
            new RunResumed(SESSION, RUN, QUERY, 2, 1),
            activityChanged(Activity.RUNNING));
    var spent = new Budget.Limited(Money.ofUsd("0.005"));
    session
        .given(paused)
        .when(new SetBudget(SESSION, spent))
        .expectEvents(new BudgetSet(SESSION, spent));
  }

  @Test
  void spentBudgetEndsARunOfTheAgent() {
    var begun = started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1));
    session
        .given(opened(), begun, activityChanged(Activity.RUNNING))
        .when(new PauseRun(SESSION, BACKGROUND, 1, 1, SECOND, SHORTFALL))
        .expectEvents(
            new RunFailed(
                SESSION,
                BACKGROUND,
                Failure.MODEL,
                false,
                NOTHING_USED,
                sealed(RunFailed.class, "error", SHORTFALL.message())),
            activityChanged(Activity.IDLE));
  }

  @Test
  void sessionWithASpentBudgetRejectsQueriesUntilRaised() {
    Object[] spent =
        running(
            turnCompleted(1, "one"),
            completed(new RunTotals(USAGE, CENT, SECOND, 1, opus(USAGE, CENT, 1))),
            activityChanged(Activity.IDLE),
            new BudgetSet(SESSION, new Budget.Limited(CENT)));
    session
        .given(spent)
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "more")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new BudgetExceeded("session", CENT, null))
        .expectNoEvents();
    session
        .given(spent)
        .andGiven(new BudgetSet(SESSION, new Budget.Unlimited()))
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "more")))
        .expectEvents(issued(NEXT_QUERY, NEXT_RUN, "more"), activityChanged(Activity.RUNNING));
  }

  @Test
  void warnsOnceForEachLimitThatIsNearlySpent() {
    var limit = Money.ofUsd("0.0125"); // A cent is 80 percent.
    var set = new BudgetSet(SESSION, new Budget.Limited(limit));
    session
        .given(running(set))
        .when(record(turnCompleted(1, "one")))
        .expectEvents(
            turnCompleted(1, "one"), new SessionBudgetThresholdReached(SESSION, limit, CENT));
    session
        .given(
            running(
                set,
                turnCompleted(1, "one"),
                new SessionBudgetThresholdReached(SESSION, limit, CENT)))
        .when(record(turnCompleted(2, "two")))
        .expectEvents(turnCompleted(2, "two"));
    session
        .given(running(new BudgetSet(SESSION, new Budget.Limited(Money.ofUsd("0.0126")))))
        .when(record(turnCompleted(1, "one")))
        .expectEvents(turnCompleted(1, "one"));
    var raised = Money.ofUsd("0.02");
    session
        .given(
            running(
                set,
                turnCompleted(1, "one"),
                new SessionBudgetThresholdReached(SESSION, limit, CENT),
                new BudgetSet(SESSION, new Budget.Limited(raised))))
        .when(record(turnCompleted(2, "two")))
        .expectEvents(
            turnCompleted(2, "two"),
            new SessionBudgetThresholdReached(SESSION, raised, CENT.plus(CENT)));
  }

  @Test
  void budgetIsSetOnce() {
    var budget = new Budget.Limited(CENT);
    session
        .given(opened())
        .when(new SetBudget(SESSION, budget))
        .expectEvents(new BudgetSet(SESSION, budget));
    session
        .given(opened(), new BudgetSet(SESSION, budget))
        .when(new SetBudget(SESSION, budget))
        .expectNoEvents();
  }
}
