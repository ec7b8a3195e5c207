package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunnerEvent;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunOutputTest extends SessionFixture {
  private static final ThreadId THREAD = new ThreadId("thr_3333333333");

  private static ToolCalled called(long end) {
    return new ToolCalled(
        SESSION,
        RUN,
        MAIN,
        sourcePosition(end),
        CALL,
        "toolu_1",
        "Bash",
        "digest",
        Verdict.ASKED,
        "ask: Bash",
        sealed(ToolCalled.class, "input", "{}"),
        Content.ABSENT);
  }

  private static ToolReturned returned(long end) {
    return new ToolReturned(
        SESSION,
        RUN,
        MAIN,
        sourcePosition(end),
        CALL,
        CallStatus.RETURNED,
        sealed(ToolReturned.class, "output", "{\"a\":1}"));
  }

  @Test
  void outputIsRecordedInOrderWithItsOffset() {
    session
        .given(running())
        .when(record(messageReceived(100, "\"one\""), messageReceived(200, "\"two\"")))
        .expectEvents(messageReceived(100, "\"one\""), messageReceived(200, "\"two\""));
  }

  @Test
  void knownOutputIsNotRecordedAgain() {
    session
        .given(running(messageReceived(100, "\"one\"")))
        .when(record(messageReceived(100, "\"one\""), messageReceived(200, "\"two\"")))
        .expectEvents(messageReceived(200, "\"two\""));
    session
        .given(running(messageReceived(200, "\"two\"")))
        .when(record(messageReceived(100, "\"one\""), messageReceived(200, "\"two\"")))
        .expectNoEvents();
  }

  @Test
  void outputsOfOneLineAreRecordedTogether() {
    session
        .given(running(messageReceived(100, "\"one\"")))
        .when(record(messageReceived(200, "\"two\""), messageReceived(200, "\"three\"")))
        .expectEvents(messageReceived(200, "\"two\""), messageReceived(200, "\"three\""));
  }

  @Test
  void everyFileOfAProcessHasItsOwnOffset() {
    session
        .given(running(messageReceived(500, "\"one\"")))
        .when(record(turnCompleted(100, "exc_1")))
        .expectEvents(turnCompleted(100, "exc_1"));
  }

  @Test
  void newProcessStartsAtItsOwnOffset() {
    var position = new SourcePosition(OTHER_PROCESS, 2, Source.JOURNAL, 100);
    var compacted = new ContextCompacted(SESSION, RUN, MAIN, position, "auto", 9);
    session
        .given(running(messageReceived(500, "\"one\""), started(2, OTHER_PROCESS, 2)))
        .when(
            new RecordOutput(
                SESSION, RUN, OTHER_PROCESS, 2, List.of(read(Source.JOURNAL, 100, compacted))))
        .expectEvents(compacted);
  }

  @Test
  void messageOfTheClisOwnIsRecordedOnceWhicheverProcessRepeatsIt() {
    session
        .given(running(cliMessage(sourcePosition(100))))
        .when(record(cliMessage(sourcePosition(200))))
        .expectNoEvents();
    var repeated = cliMessage(new SourcePosition(OTHER_PROCESS, 2, Source.JOURNAL, 100));
    session
        .given(running(cliMessage(sourcePosition(100)), started(2, OTHER_PROCESS, 2)))
        .when(
            new RecordOutput(
                SESSION, RUN, OTHER_PROCESS, 2, List.of(read(Source.JOURNAL, 100, repeated))))
        .expectNoEvents();
  }

  private static MessageReceived cliMessage(SourcePosition position) {
    return new MessageReceived(
        SESSION,
        RUN,
        MAIN,
        position,
        new MessageId("msg_3333333333"),
        0,
        Role.ASSISTANT,
        MessageOrigin.CLI,
        "text",
        sealed(MessageReceived.class, "block", "\"one\""),
        Usage.ZERO);
  }

  @Test
  void runnersOwnFindingsAreNeverTakenAsKnown() {
    var noted =
        new IncidentNoted(
            SESSION,
            RUN,
            MAIN,
            sourcePosition(Source.RUNNER, 0),
            "unasked_tool",
            sealed(IncidentNoted.class, "detail", "Bash"));
    session
        .given(running(messageReceived(100, "\"one\""), noted))
        .when(record(noted))
        .expectEvents(noted);
  }

  @Test
  void processOfAnEndedEpochRecordsNothing() {
    session
        .given(running(started(2, OTHER_PROCESS, 2)))
        .when(record(messageReceived(100, "\"one\"")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2))
        .expectNoEvents();
  }

  @Test
  void firstOutputOfTheNextNodeEndsTheEpoch() {
    var nextNodesOutput =
        new ContextCompacted(
            SESSION, RUN, MAIN, new SourcePosition(PROCESS, 2, Source.JOURNAL, 100), "auto", 9);
    session
        .given(running(nextNodesOutput))
        .when(record(messageReceived(200, "\"two\"")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2));
  }

  @Test
  void runThatHasNotStartedRecordsNothing() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING))
        .when(record(messageReceived(100, "\"one\"")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void exchangeIsCountedOnceFromAnySource() {
    session
        .given(running(turnCompleted(100, "exc_1")))
        .when(
            record(
                turnCompleted(RUN, sourcePosition(Source.RUNNER, 0), "exc_1"),
                turnCompleted(200, "exc_2")))
        .expectEvents(turnCompleted(200, "exc_2"));
  }

  @Test
  void exchangeCostIsRecordedAfterTheRunsEnd() {
    var over =
        running(new RunInterrupted(SESSION, RUN, NOTHING_USED), activityChanged(Activity.IDLE));
    session
        .given(over)
        .when(record(turnCompleted(100, "exc_1")))
        .expectEvents(turnCompleted(100, "exc_1"));
    session
        .given(over)
        .when(record(messageReceived(100, "\"late\"")))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void hookCallIsRecordedAfterTheRunsEnd() {
    var executed =
        new HookExecuted(
            SESSION,
            RUN,
            MAIN,
            sourcePosition(Source.RUNNER, 0),
            HookId.next(),
            "watch",
            HookPoint.STOP_FAILURE,
            "",
            HookOutcome.PASSED,
            200,
            Duration.ofMillis(5),
            false,
            sealed(HookExecuted.class, "detail", "seen"));
    session
        .given(
            running(new RunInterrupted(SESSION, RUN, NOTHING_USED), activityChanged(Activity.IDLE)))
        .when(record(executed))
        .expectEvents(executed);
  }

  @Test
  void connectionOfABackgroundCommandIsRecordedAfterItsRun() {
    var allowed =
        new EgressAllowed(
            SESSION,
            RUN,
            MAIN,
            sourcePosition(Source.RUNNER, 0),
            sealed(EgressAllowed.class, "host", "a.example"),
            443,
            "listed");
    var denied =
        new EgressDenied(
            SESSION,
            RUN,
            MAIN,
            sourcePosition(Source.RUNNER, 0),
            sealed(EgressDenied.class, "host", "b.example"),
            22,
            "not listed");
    session
        .given(
            running(
                messageReceived(100, "\"one\""),
                new RunInterrupted(SESSION, RUN, NOTHING_USED),
                activityChanged(Activity.IDLE)))
        .when(record(allowed, denied))
        .expectEvents(allowed, denied);
  }

  @Test
  void knownOutputRecordsNothingAfterTheRunsEnd() {
    session
        .given(
            running(
                messageReceived(100, "\"one\""),
                new RunInterrupted(SESSION, RUN, NOTHING_USED),
                activityChanged(Activity.IDLE)))
        .when(record(messageReceived(100, "\"one\"")))
        .expectNoEvents();
  }

  @Test
  void toolCallAndItsPermissionRequestAreOneAppendAndTheSessionWaits() {
    session
        .given(running())
        .when(
            record(
                read(Source.JOURNAL, 100, called(100)),
                read(Source.JOURNAL, 100, permissionRequested(ACTION, CALL))))
        .expectEvents(
            called(100),
            permissionRequested(ACTION, CALL),
            activityChanged(Activity.WAITING, ACTION));
  }

  @Test
  void knownRequestIsNotRecordedAgain() {
    session.given(waiting()).when(record(permissionRequested(ACTION, CALL))).expectNoEvents();
    session
        .given(running(permissionRequested(ACTION, CALL), expired(ACTION, ExpiryReason.DEADLINE)))
        .when(record(permissionRequested(ACTION, CALL)))
        .expectNoEvents();
  }

  @Test
  void cliWithdrawsARequestOnce() {
    session
        .given(waiting())
        .when(record(read(Source.JOURNAL, 200, expired(ACTION, ExpiryReason.WITHDRAWN))))
        .expectEvents(expired(ACTION, ExpiryReason.WITHDRAWN), activityChanged(Activity.RUNNING));
    session
        .given(running(permissionRequested(ACTION, CALL), expired(ACTION, ExpiryReason.DEADLINE)))
        .when(record(read(Source.JOURNAL, 200, expired(ACTION, ExpiryReason.WITHDRAWN))))
        .expectNoEvents();
  }

  @Test
  void returnedToolIsNoLongerPending() {
    session
        .given(waiting())
        .when(record(returned(200)))
        .expectEvents(
            expired(ACTION, ExpiryReason.WITHDRAWN),
            returned(200),
            activityChanged(Activity.RUNNING));
  }

  @Test
  void returnedToolKeepsOtherCallsPending() {
    session
        .given(
            running(
                permissionRequested(ACTION, CALL),
                permissionRequested(OTHER_ACTION, OTHER_CALL),
                activityChanged(Activity.WAITING, ACTION, OTHER_ACTION)))
        .when(record(returned(200)))
        .expectEvents(
            expired(ACTION, ExpiryReason.WITHDRAWN),
            returned(200),
            activityChanged(Activity.WAITING, OTHER_ACTION));
  }

  @Test
  void everyOtherOutputIsRecorded() {
    RunnerEvent[] events = {
      new RunInitialized(
          SESSION,
          RUN,
          MAIN,
          sourcePosition(1),
          "opus",
          List.of("Read"),
          List.of(new McpServerState("files", "connected")),
          List.of("/compact"),
          List.of("review"),
          List.of("scout"),
          List.of("tools"),
          PermissionMode.DEFAULT,
          "2.1.197"),
      new TurnRetried(SESSION, RUN, MAIN, sourcePosition(2), 1, 10, SECOND, 529, "overloaded"),
      new SubagentStarted(
          SESSION,
          RUN,
          THREAD,
          sourcePosition(3),
          MAIN,
          CALL,
          "scout",
          sealed(SubagentStarted.class, "prompt", "go")),
      new SubagentFinished(SESSION, RUN, THREAD, sourcePosition(4), CallStatus.RETURNED),
      new TodoUpdated(
          SESSION, RUN, MAIN, sourcePosition(5), sealed(TodoUpdated.class, "todos", "[]")),
      new ContextCompacted(SESSION, RUN, MAIN, sourcePosition(6), "manual", 1000)
    };
    session.given(running()).when(record(events)).expectEvents((Object[]) events);
  }

  @Test
  void eventThatDoesNotBelongToItsCommandIsRefused() {
    var later = new SourcePosition(PROCESS, 2, Source.JOURNAL, 100);
    assertRefused(read(Source.JOURNAL, 200, messageReceived(100, "\"one\"")));
    assertRefused(read(Source.USAGE, 100, messageReceived(100, "\"one\"")));
    assertRefused(read(Source.JOURNAL, 100, messageReceived(RUN, later, "\"one\"")));
    assertRefused(
        read(Source.JOURNAL, 100, messageReceived(NEXT_RUN, sourcePosition(100), "\"one\"")));
    assertRefused(read(Source.RUNNER, 0, permissionRequested(NEXT_RUN, ACTION, CALL)));
    assertRefused(
        read(
            Source.RUNNER, 0, new ActionExpired(SessionId.next(), ACTION, ExpiryReason.WITHDRAWN)));
    var other = new SourcePosition(OTHER_PROCESS, 1, Source.JOURNAL, 100);
    assertRefused(read(Source.JOURNAL, 100, messageReceived(RUN, other, "\"one\"")));
  }

  private void assertRefused(RecordOutput.Entry entry) {
    session
        .given(waiting())
        .when(record(entry))
        .expectException(IllegalArgumentException.class)
        .expectNoEvents();
  }

  @Test
  void questionsAndClientToolsArePendingInOrder() {
    var timeout = new AnswerTimeout.Limited(Duration.ofMinutes(5));
    var question =
        new QuestionAsked(
            SESSION,
            RUN,
            MAIN,
            ACTION,
            CALL,
            timeout,
            sealed(QuestionAsked.class, "questions", "[]"));
    var call =
        new ClientToolCalled(
            SESSION,
            RUN,
            MAIN,
            OTHER_ACTION,
            OTHER_CALL,
            "lookup",
            timeout,
            sealed(ClientToolCalled.class, "input", "{}"));
    session
        .given(running())
        .when(record(question, call))
        .expectEvents(question, call, activityChanged(Activity.WAITING, ACTION, OTHER_ACTION));
  }
}
