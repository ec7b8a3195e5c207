package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.AbandonRun;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SessionCommand.PauseRun;
import io.agentledger.api.session.command.SessionCommand.TimeOutRun;
import io.agentledger.api.session.command.SessionLifecycleCommand.SetBudget;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.LifecycleEvent.BudgetSet;
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
import io.agentledger.api.shared.QuotaRejection.BudgetExhausted;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunTest extends SessionFixture {
  private static final FinishRun FINISH =
      new FinishRun(SESSION, RUN, 1, StopReason.COMPLETED, SECOND, "done", null);

  private static FailRun fail(boolean retryable) {
    return new FailRun(SESSION, RUN, 1, Failure.MODEL, retryable, SECOND, "oops");
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

  private static RunTotals lasted(int seconds) {
    return new RunTotals(NOTHING_USED.usage(), NOTHING_USED.cost(), Duration.ofSeconds(seconds), 0);
  }

  @Test
  void aProcessTakesTheRunUp() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), now(Activity.RUNNING))
        .when(start(1, PROCESS, 1))
        .expectEvents(started(1, PROCESS, 1));
  }

  @Test
  void theSameProcessAtTheSameAttemptStartsOnce() {
    session.given(running()).when(start(1, PROCESS, 1)).expectNoEvents();
  }

  @Test
  void anHeirThatFindsTheProcessAliveNeedsNoNewStart() {
    session.given(running()).when(start(1, PROCESS, 2)).expectNoEvents();
  }

  @Test
  void anHeirWithANewProcessBeginsANewAttempt() {
    session
        .given(running())
        .when(start(2, OTHER_PROCESS, 2))
        .expectEvents(started(2, OTHER_PROCESS, 2));
  }

  @Test
  void aNewAttemptClosesWhatTheLostProcessWaitedFor() {
    session
        .given(waiting())
        .when(start(2, OTHER_PROCESS, 2))
        .expectEvents(
            expired(ACTION, Expiry.RUN_ENDED), started(2, OTHER_PROCESS, 2), now(Activity.RUNNING));
  }

  @Test
  void anAttemptIsTakenUpByOneProcessOnly() {
    session
        .given(running())
        .when(start(1, OTHER_PROCESS, 2))
        .expectException(IllegalStateException.class)
        .expectNoEvents();
  }

  @Test
  void aRunThatKillsItsNodesIsNotTakenUpForEver() {
    session
        .given(running(started(10, OTHER_PROCESS, 10)))
        .when(start(11, PROCESS, 11))
        .expectException(IllegalStateException.class);
    session
        .given(running(started(10, OTHER_PROCESS, 10)))
        .when(new AbandonRun(SESSION, RUN, 1, SECOND, "oops"))
        .expectEvents(failed(Failure.FAULT, false, NOTHING_USED), now(Activity.IDLE));
  }

  @Test
  void aProcessWhoseEpochIsOverStartsAndEndsNothing() {
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
    return new EndInterruptedRun(SESSION, RUN, 1, SECOND);
  }

  private static PauseRun pause() {
    return new PauseRun(SESSION, RUN, 1, SECOND);
  }

  @Test
  void aRunThatWasNeverIssuedCannotStart() {
    session
        .given(opened())
        .when(start(1, PROCESS, 1))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void aCompletedRunLeavesTheSessionIdle() {
    session.given(running()).when(FINISH).expectEvents(completed(NOTHING_USED), now(Activity.IDLE));
  }

  @Test
  void structuredOutputIsSealedBesideTheResult() {
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
            now(Activity.IDLE));
  }

  @Test
  void whatARunUsedIsTheSumOfItsTurnsOverAllAttempts() {
    session
        .given(
            running(
                turned(100, "exc_1"),
                failed(Failure.MODEL, true, new RunTotals(USAGE, CENT, Duration.ofSeconds(5), 1)),
                now(Activity.RETRYING),
                started(2, PROCESS, 1),
                now(Activity.RUNNING),
                turned(200, "exc_2")))
        .when(FINISH)
        .expectEvents(
            completed(
                new RunTotals(USAGE.plus(USAGE), Money.ofUsd("0.02"), Duration.ofSeconds(6), 2)),
            now(Activity.IDLE));
  }

  @Test
  void endingARunAgainIsSilence() {
    for (Object end : new Object[] {FINISH, fail(true), endInterrupted(), pause()})
      session
          .given(running(completed(NOTHING_USED), now(Activity.IDLE)))
          .when(end)
          .expectNoEvents();
  }

  @Test
  void aRunThatNeverWasCannotEnd() {
    session
        .given(opened())
        .when(FINISH)
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void aPassingFailureIsTriedAgain() {
    session
        .given(running())
        .when(fail(true))
        .expectEvents(failed(Failure.MODEL, true, NOTHING_USED), now(Activity.RETRYING));
  }

  @Test
  void theThirdFailureIsFinal() {
    session
        .given(
            running(
                failed(Failure.MODEL, true, lasted(1)),
                now(Activity.RETRYING),
                started(2, PROCESS, 1),
                now(Activity.RUNNING),
                failed(Failure.MODEL, true, lasted(2)),
                now(Activity.RETRYING),
                started(3, PROCESS, 1),
                now(Activity.RUNNING)))
        .when(fail(true))
        .expectEvents(failed(Failure.MODEL, false, lasted(3)), now(Activity.IDLE));
  }

  @Test
  void aFailureThatNoAttemptMendsIsFinal() {
    session
        .given(running())
        .when(fail(false))
        .expectEvents(failed(Failure.MODEL, false, NOTHING_USED), now(Activity.IDLE));
  }

  @Test
  void nobodyTriesAgainWhatSomebodyWantedToStop() {
    session
        .given(running(new InterruptRequested(SESSION, RUN)))
        .when(fail(true))
        .expectEvents(failed(Failure.MODEL, false, NOTHING_USED), now(Activity.IDLE));
  }

  @Test
  void aRetryTakesUpTheSameRun() {
    session
        .given(running(failed(Failure.MODEL, true, NOTHING_USED), now(Activity.RETRYING)))
        .when(start(2, OTHER_PROCESS, 1))
        .expectEvents(started(2, OTHER_PROCESS, 1), now(Activity.RUNNING));
  }

  @Test
  void anInterruptBetweenTwoAttemptsEndsTheRunAtOnce() {
    session
        .given(running(failed(Failure.MODEL, true, NOTHING_USED), now(Activity.RETRYING)))
        .when(submit(new Input.Interrupt()))
        .expectEvents(
            new InterruptRequested(SESSION, RUN),
            new RunInterrupted(SESSION, RUN, NOTHING_USED),
            now(Activity.IDLE));
  }

  @Test
  void theEndOfARunClosesWhatItWaitedFor() {
    session
        .given(waiting())
        .when(FINISH)
        .expectEvents(
            expired(ACTION, Expiry.RUN_ENDED), completed(NOTHING_USED), now(Activity.IDLE));
  }

  @Test
  void aRunWhoseTimeIsOverFailsForGood() {
    session
        .given(waiting())
        .when(new TimeOutRun(SESSION, RUN, Duration.ofHours(1)))
        .expectEvents(
            expired(ACTION, Expiry.RUN_ENDED),
            new RunFailed(
                SESSION,
                RUN,
                Failure.TIMEOUT,
                false,
                lasted(3600),
                sealed(RunFailed.class, "error", "The run took longer than it may.")),
            now(Activity.IDLE));
  }

  @Test
  void timeThatLosesTheRaceIsSilent() {
    session
        .given(running(completed(NOTHING_USED), now(Activity.IDLE)))
        .when(new TimeOutRun(SESSION, RUN, Duration.ofHours(1)))
        .expectNoEvents();
  }

  @Test
  void theHouseGivesUpATryThatNoProcessHasTakenUp() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), now(Activity.RUNNING))
        .when(new AbandonRun(SESSION, RUN, 1, SECOND, "oops"))
        .expectEvents(failed(Failure.FAULT, true, NOTHING_USED), now(Activity.RETRYING));
  }

  @Test
  void aTryIsGivenUpOnce() {
    session
        .given(running(failed(Failure.MODEL, true, NOTHING_USED), now(Activity.RETRYING)))
        .when(new AbandonRun(SESSION, RUN, 1, SECOND, "oops"))
        .expectNoEvents();
  }

  @Test
  void aSecondTryThatNeverStartsIsAFailureToo() {
    session
        .given(running(failed(Failure.MODEL, true, lasted(1)), now(Activity.RETRYING)))
        .when(new AbandonRun(SESSION, RUN, 2, SECOND, "oops"))
        .expectEvents(failed(Failure.FAULT, true, lasted(2)));
  }

  @Test
  void aSpentBudgetPausesTheRunAndSomebodyIsWaitedFor() {
    session
        .given(running())
        .when(pause())
        .expectEvents(new RunPaused(SESSION, RUN, NOTHING_USED), now(Activity.WAITING));
    session
        .given(running(new RunPaused(SESSION, RUN, NOTHING_USED), now(Activity.WAITING)))
        .when(pause())
        .expectNoEvents();
  }

  @Test
  void theAgentBeginsARunByItself() {
    session
        .given(opened())
        .when(startBackground(BACKGROUND))
        .expectEvents(
            started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1)),
            now(Activity.RUNNING));
  }

  @Test
  void aRunOfTheAgentsOwnMayStandBesideOneThatWasAsked() {
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
  void onlyOneRunOfTheAgentsOwnIsInProgress() {
    session
        .given(running(started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1))))
        .when(startBackground(NEXT_RUN))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(NEXT_RUN.value()));
  }

  @Test
  void theNextQueryResumesAPausedRunAndWaitsBehindIt() {
    session
        .given(running(new RunPaused(SESSION, RUN, NOTHING_USED), now(Activity.WAITING)))
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "and then?")))
        .expectEvents(
            new RunResumed(SESSION, RUN, QUERY, 2, 1),
            queued(NEXT_QUERY, NEXT_RUN, "and then?"),
            now(Activity.RUNNING));
  }

  @Test
  void aResumedRunIsTakenUpByItsNextAttempt() {
    session
        .given(
            running(
                new RunPaused(SESSION, RUN, NOTHING_USED),
                now(Activity.WAITING),
                new RunResumed(SESSION, RUN, QUERY, 2, 1),
                now(Activity.RUNNING)))
        .when(start(2, PROCESS, 1))
        .expectEvents(started(2, PROCESS, 1));
  }

  @Test
  void anInterruptEndsAPausedRun() {
    session
        .given(running(new RunPaused(SESSION, RUN, NOTHING_USED), now(Activity.WAITING)))
        .when(submit(new Input.Interrupt()))
        .expectEvents(
            new InterruptRequested(SESSION, RUN),
            new RunInterrupted(SESSION, RUN, NOTHING_USED),
            now(Activity.IDLE));
  }

  @Test
  void whatTheAgentBeganByItselfIsOverWhenTheBudgetIs() {
    var begun = started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1));
    session
        .given(opened(), begun, now(Activity.RUNNING))
        .when(new PauseRun(SESSION, BACKGROUND, 1, SECOND))
        .expectEvents(
            new RunFailed(
                SESSION,
                BACKGROUND,
                Failure.MODEL,
                false,
                NOTHING_USED,
                sealed(RunFailed.class, "error", "The budget is used up.")),
            now(Activity.IDLE));
  }

  @Test
  void aSessionWhoseBudgetIsSpentTakesNoQueryUntilItIsRaised() {
    Object[] spent =
        running(
            turned(1, "one"),
            completed(new RunTotals(USAGE, CENT, SECOND, 1)),
            now(Activity.IDLE),
            new BudgetSet(SESSION, new Budget.Limited(CENT)));
    session
        .given(spent)
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "more")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new BudgetExhausted("session", CENT, null))
        .expectNoEvents();
    session
        .given(spent)
        .andGiven(new BudgetSet(SESSION, new Budget.Unlimited()))
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "more")))
        .expectEvents(issued(NEXT_QUERY, NEXT_RUN, "more"), now(Activity.RUNNING));
  }

  @Test
  void aBudgetIsSetOnce() {
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
