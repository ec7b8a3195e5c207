package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
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
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunOutputTest extends SessionFixture {
  private static final ThreadId THREAD = new ThreadId("thr_3333333333");

  private static Output.Call call() {
    return new Output.Call(
        CALL, "toolu_1", "Bash", "digest", Verdict.ASKED, "ask: Bash", new Json("{}"), "");
  }

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

  private static Output.Return returns() {
    return new Output.Return(CALL, CallStatus.RETURNED, new Json("{\"a\":1}"));
  }

  @Test
  void outputIsRecordedInOrderWithItsOffset() {
    session
        .given(running())
        .when(record(read(100, recordMessage("\"one\"")), read(200, recordMessage("\"two\""))))
        .expectEvents(messageReceived(100, "\"one\""), messageReceived(200, "\"two\""));
  }

  @Test
  void knownOutputIsNotRecordedAgain() {
    session
        .given(running(messageReceived(100, "\"one\"")))
        .when(record(read(100, recordMessage("\"one\"")), read(200, recordMessage("\"two\""))))
        .expectEvents(messageReceived(200, "\"two\""));
    session
        .given(running(messageReceived(200, "\"two\"")))
        .when(record(read(100, recordMessage("\"one\"")), read(200, recordMessage("\"two\""))))
        .expectNoEvents();
  }

  @Test
  void outputsOfOneLineAreRecordedTogether() {
    session
        .given(running(messageReceived(100, "\"one\"")))
        .when(record(read(200, recordMessage("\"two\"")), read(200, recordMessage("\"three\""))))
        .expectEvents(messageReceived(200, "\"two\""), messageReceived(200, "\"three\""));
  }

  @Test
  void everyFileOfAProcessHasItsOwnOffset() {
    session
        .given(running(messageReceived(500, "\"one\"")))
        .when(record(read(Source.USAGE, 100, recordTurn("exc_1"))))
        .expectEvents(turnCompleted(100, "exc_1"));
  }

  @Test
  void newProcessStartsAtItsOwnOffset() {
    session
        .given(running(messageReceived(500, "\"one\""), started(2, OTHER_PROCESS, 2)))
        .when(
            new RecordOutput(
                SESSION,
                RUN,
                OTHER_PROCESS,
                2,
                List.of(read(100, new Output.Compaction("auto", 9)))))
        .expectEvents(
            new ContextCompacted(
                SESSION,
                RUN,
                MAIN,
                new io.agentledger.api.session.SourcePosition(
                    OTHER_PROCESS, 2, Source.JOURNAL, 100),
                "auto",
                9));
  }

  @Test
  void messageOfTheClisOwnIsRecordedOnceWhicheverProcessRepeatsIt() {
    var message = new MessageId("msg_3333333333");
    var recorded =
        new MessageReceived(
            SESSION,
            RUN,
            MAIN,
            sourcePosition(100),
            message,
            0,
            Role.ASSISTANT,
            MessageOrigin.CLI,
            "text",
            sealed(MessageReceived.class, "block", "\"one\""));
    var repeated =
        new Output.Message(
            message, 0, Role.ASSISTANT, MessageOrigin.CLI, "text", new Json("\"one\""));
    session.given(running(recorded)).when(record(read(200, repeated))).expectNoEvents();
    session
        .given(running(recorded, started(2, OTHER_PROCESS, 2)))
        .when(new RecordOutput(SESSION, RUN, OTHER_PROCESS, 2, List.of(read(100, repeated))))
        .expectNoEvents();
  }

  @Test
  void runnersOwnFindingsAreNeverTakenAsKnown() {
    var incident = new Output.Incident("unasked_tool", "Bash");
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
        .when(record(read(Source.RUNNER, 0, incident)))
        .expectEvents(noted);
  }

  @Test
  void processOfAnEndedEpochRecordsNothing() {
    session
        .given(running(started(2, OTHER_PROCESS, 2)))
        .when(record(read(100, recordMessage("\"one\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2))
        .expectNoEvents();
  }

  @Test
  void firstOutputOfTheNextNodeEndsTheEpoch() {
    var nextNodesOutput =
        new ContextCompacted(
            SESSION,
            RUN,
            MAIN,
            new io.agentledger.api.session.SourcePosition(PROCESS, 2, Source.JOURNAL, 100),
            "auto",
            9);
    session
        .given(running(nextNodesOutput))
        .when(record(read(200, recordMessage("\"two\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2));
  }

  @Test
  void runThatHasNotStartedRecordsNothing() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), activityChanged(Activity.RUNNING))
        .when(record(read(100, recordMessage("\"one\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void exchangeIsCountedOnceFromAnySource() {
    session
        .given(running(turnCompleted(100, "exc_1")))
        .when(
            record(
                read(Source.RUNNER, 0, recordTurn("exc_1")),
                read(Source.USAGE, 200, recordTurn("exc_2"))))
        .expectEvents(turnCompleted(200, "exc_2"));
  }

  @Test
  void exchangeCostIsRecordedAfterTheRunsEnd() {
    var over =
        running(new RunInterrupted(SESSION, RUN, NOTHING_USED), activityChanged(Activity.IDLE));
    session
        .given(over)
        .when(record(read(Source.USAGE, 100, recordTurn("exc_1"))))
        .expectEvents(turnCompleted(100, "exc_1"));
    session
        .given(over)
        .when(record(read(100, recordMessage("\"late\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void hookCallIsRecordedAfterTheRunsEnd() {
    var hook = HookId.next();
    session
        .given(
            running(new RunInterrupted(SESSION, RUN, NOTHING_USED), activityChanged(Activity.IDLE)))
        .when(
            record(
                read(
                    Source.RUNNER,
                    0,
                    new Output.HookExecution(
                        hook,
                        "watch",
                        HookPoint.STOP_FAILURE,
                        "",
                        HookOutcome.PASSED,
                        200,
                        Duration.ofMillis(5),
                        false,
                        "seen"))))
        .expectEvents(
            new HookExecuted(
                SESSION,
                RUN,
                MAIN,
                sourcePosition(Source.RUNNER, 0),
                hook,
                "watch",
                HookPoint.STOP_FAILURE,
                "",
                HookOutcome.PASSED,
                200,
                Duration.ofMillis(5),
                false,
                sealed(HookExecuted.class, "detail", "seen")));
  }

  @Test
  void connectionOfABackgroundCommandIsRecordedAfterItsRun() {
    session
        .given(
            running(
                messageReceived(100, "\"one\""),
                new RunInterrupted(SESSION, RUN, NOTHING_USED),
                activityChanged(Activity.IDLE)))
        .when(
            record(
                read(Source.RUNNER, 0, new Output.ReachedHost("a.example", 443, "listed")),
                read(Source.RUNNER, 0, new Output.RefusedHost("b.example", 22, "not listed"))))
        .expectEvents(
            new EgressAllowed(
                SESSION,
                RUN,
                MAIN,
                sourcePosition(Source.RUNNER, 0),
                sealed(EgressAllowed.class, "host", "a.example"),
                443,
                "listed"),
            new EgressDenied(
                SESSION,
                RUN,
                MAIN,
                sourcePosition(Source.RUNNER, 0),
                sealed(EgressDenied.class, "host", "b.example"),
                22,
                "not listed"));
  }

  @Test
  void knownOutputRecordsNothingAfterTheRunsEnd() {
    session
        .given(
            running(
                messageReceived(100, "\"one\""),
                new RunInterrupted(SESSION, RUN, NOTHING_USED),
                activityChanged(Activity.IDLE)))
        .when(record(read(100, recordMessage("\"one\""))))
        .expectNoEvents();
  }

  @Test
  void toolCallAndItsPermissionRequestAreOneAppendAndTheSessionWaits() {
    session
        .given(running())
        .when(record(read(100, call()), read(100, askPermission(ACTION, CALL))))
        .expectEvents(
            called(100),
            permissionRequested(ACTION, CALL),
            activityChanged(Activity.WAITING, ACTION));
  }

  @Test
  void knownRequestIsNotRecordedAgain() {
    session
        .given(waiting())
        .when(record(read(Source.RUNNER, 0, askPermission(ACTION, CALL))))
        .expectNoEvents();
    session
        .given(running(permissionRequested(ACTION, CALL), expired(ACTION, ExpiryReason.DEADLINE)))
        .when(record(read(Source.RUNNER, 0, askPermission(ACTION, CALL))))
        .expectNoEvents();
  }

  @Test
  void cliWithdrawsARequestOnce() {
    session
        .given(waiting())
        .when(record(read(200, new Output.Withdraw(ACTION, ExpiryReason.WITHDRAWN))))
        .expectEvents(expired(ACTION, ExpiryReason.WITHDRAWN), activityChanged(Activity.RUNNING));
    session
        .given(running(permissionRequested(ACTION, CALL), expired(ACTION, ExpiryReason.DEADLINE)))
        .when(record(read(200, new Output.Withdraw(ACTION, ExpiryReason.WITHDRAWN))))
        .expectNoEvents();
  }

  @Test
  void returnedToolIsNoLongerPending() {
    session
        .given(waiting())
        .when(record(read(200, returns())))
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
        .when(record(read(200, returns())))
        .expectEvents(
            expired(ACTION, ExpiryReason.WITHDRAWN),
            returned(200),
            activityChanged(Activity.WAITING, OTHER_ACTION));
  }

  @Test
  void everyOtherOutputBecomesItsEvent() {
    var servers = List.of(new McpServerState("files", "connected"));
    session
        .given(running())
        .when(
            record(
                read(
                    1,
                    new Output.Initialized(
                        "opus",
                        List.of("Read"),
                        servers,
                        List.of("/compact"),
                        PermissionMode.DEFAULT,
                        "2.1.197")),
                read(2, new Output.Retry(1, 10, SECOND, 529, "overloaded")),
                new Output.Entry(
                    Source.JOURNAL, 3, THREAD, new Output.SubagentStart(MAIN, CALL, "scout", "go")),
                new Output.Entry(
                    Source.JOURNAL, 4, THREAD, new Output.SubagentFinish(CallStatus.RETURNED)),
                read(5, new Output.Todos(new Json("[]"))),
                read(6, new Output.Compaction("manual", 1000))))
        .expectEvents(
            new RunInitialized(
                SESSION,
                RUN,
                MAIN,
                sourcePosition(1),
                "opus",
                List.of("Read"),
                servers,
                List.of("/compact"),
                PermissionMode.DEFAULT,
                "2.1.197"),
            new TurnRetried(
                SESSION, RUN, MAIN, sourcePosition(2), 1, 10, SECOND, 529, "overloaded"),
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
            new ContextCompacted(SESSION, RUN, MAIN, sourcePosition(6), "manual", 1000));
  }

  @Test
  void questionsAndClientToolsArePendingInOrder() {
    var timeout = new AnswerTimeout.Limited(Duration.ofMinutes(5));
    session
        .given(running())
        .when(
            record(
                read(1, new Output.AskQuestion(ACTION, CALL, timeout, new Json("[]"))),
                read(
                    2,
                    new Output.CallClientTool(
                        OTHER_ACTION, OTHER_CALL, "lookup", timeout, new Json("{}")))))
        .expectEvents(
            new QuestionAsked(
                SESSION,
                RUN,
                MAIN,
                ACTION,
                CALL,
                timeout,
                sealed(QuestionAsked.class, "questions", "[]")),
            new ClientToolCalled(
                SESSION,
                RUN,
                MAIN,
                OTHER_ACTION,
                OTHER_CALL,
                "lookup",
                timeout,
                sealed(ClientToolCalled.class, "input", "{}")),
            activityChanged(Activity.WAITING, ACTION, OTHER_ACTION));
  }

  @Test
  void emptyTextIsAbsentAndNotSealed() {
    session
        .given(running())
        .when(record(read(Source.RUNNER, 0, new Output.Incident("odd", ""))))
        .expectEvents(
            new IncidentNoted(
                SESSION, RUN, MAIN, sourcePosition(Source.RUNNER, 0), "odd", Content.ABSENT));
  }
}
