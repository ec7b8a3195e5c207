package io.agentledger.command.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.EndInterruptedRun;
import io.agentledger.api.session.command.SessionCommand.FinishRun;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.command.SubmitResult.Accepted;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NothingRunning;
import io.agentledger.api.shared.SessionRejection.QueueFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueryQueueTest extends SessionFixture {
  private static final RunTotals UNSTARTED =
      new RunTotals(NOTHING_USED.usage(), NOTHING_USED.costUsd(), Duration.ZERO, 0, List.of());

  @Test
  void idleSessionIssuesAQueryImmediately() {
    session
        .given(opened())
        .when(submit(prompt(QUERY, RUN, "hi")))
        .expectResultMessagePayload(
            new SubmitResult(SESSION, 1, List.of(new Accepted(QUERY, RUN, 0))))
        .expectEvents(issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING));
  }

  @Test
  void secondQueryWaitsForTheRun() {
    session
        .given(running())
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "and then")))
        .expectResultMessagePayload(
            new SubmitResult(SESSION, 4, List.of(new Accepted(NEXT_QUERY, NEXT_RUN, 1))))
        .expectEvents(queued(NEXT_QUERY, NEXT_RUN, "and then"));
  }

  @Test
  void twoPromptsInOneBatchAreARunAndAQueuedQuery() {
    session
        .given(opened())
        .when(submit(prompt(QUERY, RUN, "hi"), prompt(NEXT_QUERY, NEXT_RUN, "and then")))
        .expectEvents(
            issued(QUERY, RUN, "hi"),
            queued(NEXT_QUERY, NEXT_RUN, "and then"),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void sixteenQueriesWaitAndTheSeventeenthIsRejectedWithItsBatch() {
    var events = new ArrayList<Object>(List.of(running()));
    for (int i = 0; i < 16; i++)
      events.add(queued(new QueryId(id("qry_", i)), new RunId(id("run_", i)), "q" + i));
    session
        .given(events)
        .when(submit(new Input.Interrupt(), prompt(NEXT_QUERY, NEXT_RUN, "one more")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new QueueFull(16, Duration.ofSeconds(5)))
        .expectNoEvents();
  }

  @Test
  void theSixteenthQueryStillWaits() {
    var events = new ArrayList<Object>(List.of(running()));
    for (int i = 0; i < 15; i++)
      events.add(queued(new QueryId(id("qry_", i)), new RunId(id("run_", i)), "q" + i));
    session
        .given(events)
        .when(submit(prompt(NEXT_QUERY, NEXT_RUN, "one more")))
        .expectResultMessagePayload(
            new SubmitResult(SESSION, 19, List.of(new Accepted(NEXT_QUERY, NEXT_RUN, 16))))
        .expectEvents(queued(NEXT_QUERY, NEXT_RUN, "one more"));
  }

  private static String id(String prefix, int number) {
    return prefix + "zzzzzzzzz" + "23456789abcdefghjkmn".charAt(number);
  }

  @Test
  void knownQueryIsNotIssuedAgain() {
    session
        .given(running(queued(NEXT_QUERY, NEXT_RUN, "and then")))
        .when(submit(prompt(QUERY, RUN, "hi"), prompt(NEXT_QUERY, NEXT_RUN, "and then")))
        .expectResultMessagePayload(
            new SubmitResult(
                SESSION,
                5,
                List.of(new Accepted(QUERY, RUN, 0), new Accepted(NEXT_QUERY, NEXT_RUN, 1))))
        .expectNoEvents();
  }

  @Test
  void endOfARunIssuesTheNextQueryWithoutBecomingIdle() {
    session
        .given(running(queued(NEXT_QUERY, NEXT_RUN, "and then")))
        .when(new FinishRun(SESSION, RUN, 1, StopReason.COMPLETED, SECOND, "done", null))
        .expectEvents(
            new RunCompleted(
                SESSION,
                RUN,
                StopReason.COMPLETED,
                NOTHING_USED,
                sealed(RunCompleted.class, "result", "done"),
                io.agentledger.api.content.Content.ABSENT),
            released(NEXT_QUERY, NEXT_RUN));
  }

  @Test
  void interruptIsRequestedOnce() {
    session
        .given(running())
        .when(submit(new Input.Interrupt()))
        .expectEvents(new InterruptRequested(SESSION, RUN));
    session
        .given(running(new InterruptRequested(SESSION, RUN)))
        .when(submit(new Input.Interrupt()))
        .expectNoEvents();
  }

  @Test
  void interruptOfAnIdleSessionIsRejected() {
    session
        .given(opened())
        .when(submit(new Input.Interrupt()))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NothingRunning(SESSION.value()));
  }

  @Test
  void cancelledQueryIsWithdrawnFromTheQueueAndTheRunBeforeItContinues() {
    session
        .given(running(queued(NEXT_QUERY, NEXT_RUN, "and then")))
        .when(submit(new Input.CancelQuery(NEXT_QUERY, NEXT_RUN)))
        .expectEvents(new QueryWithdrawn(SESSION, NEXT_QUERY, List.of(NEXT_RUN)));
  }

  @Test
  void cancelledQueryThatIsExecutedIsInterruptedAndAnEndedOneIsNot() {
    session
        .given(running())
        .when(submit(new Input.CancelQuery(QUERY, RUN)))
        .expectEvents(new InterruptRequested(SESSION, RUN));
    session
        .given(running())
        .when(submit(new Input.CancelQuery(NEXT_QUERY, NEXT_RUN)))
        .expectNoEvents();
  }

  @Test
  void interruptBeforeAPromptInOneBatchNeedsNoRun() {
    session
        .given(opened())
        .when(submit(new Input.Interrupt(), prompt(QUERY, RUN, "hi")))
        .expectEvents(issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING));
  }

  @Test
  void runWithoutAProcessIsInterruptedImmediately() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING))
        .when(submit(new Input.Interrupt()))
        .expectEvents(
            new InterruptRequested(SESSION, RUN),
            new RunInterrupted(SESSION, RUN, UNSTARTED),
            activityChanged(Activity.IDLE));
  }

  @Test
  void interruptAndPromptInOneBatchReplaceTheRun() {
    session
        .given(running())
        .when(submit(new Input.Interrupt(), prompt(NEXT_QUERY, NEXT_RUN, "rather this")))
        .expectEvents(
            new InterruptRequested(SESSION, RUN), queued(NEXT_QUERY, NEXT_RUN, "rather this"));
  }

  @Test
  void interruptKeepsTheQueue() {
    session
        .given(
            running(queued(NEXT_QUERY, NEXT_RUN, "and then"), new InterruptRequested(SESSION, RUN)))
        .when(new EndInterruptedRun(SESSION, RUN, 1, SECOND, null))
        .expectEvents(
            new RunInterrupted(SESSION, RUN, NOTHING_USED), released(NEXT_QUERY, NEXT_RUN));
  }

  @Test
  void queryDoesNotWaitForARunStartedByTheAgent() {
    session
        .given(
            opened(),
            started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1)),
            activityChanged(Activity.RUNNING))
        .when(submit(prompt(QUERY, RUN, "hi")))
        .expectEvents(issued(QUERY, RUN, "hi"));
  }
}
