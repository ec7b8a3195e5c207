package io.agentledger.command.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SourcePosition.Source;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.EgressEvent.EgressAllowed;
import io.agentledger.api.session.event.EgressEvent.EgressDenied;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.McpServerState;
import io.agentledger.api.session.event.OutputEvent.Outcome;
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

class RecordTest extends SessionFixture {
  private static final ThreadId LANE = new ThreadId("thr_3333333333");

  private static Output.Call call() {
    return new Output.Call(
        CALL, "toolu_1", "Bash", "digest", Verdict.ASKED, "ask: Bash", new Json("{}"));
  }

  private static ToolCalled called(long end) {
    return new ToolCalled(
        SESSION,
        RUN,
        MAIN,
        at(end),
        CALL,
        "toolu_1",
        "Bash",
        "digest",
        Verdict.ASKED,
        "ask: Bash",
        sealed(ToolCalled.class, "input", "{}"));
  }

  private static ToolReturned returned(long end) {
    return new ToolReturned(
        SESSION,
        RUN,
        MAIN,
        at(end),
        CALL,
        Outcome.RETURNED,
        sealed(ToolReturned.class, "output", "{\"a\":1}"));
  }

  private static Output.Return returns() {
    return new Output.Return(CALL, Outcome.RETURNED, new Json("{\"a\":1}"));
  }

  @Test
  void whatAProcessSaysIsRecordedInItsOrderWithItsPlace() {
    session
        .given(running())
        .when(record(read(100, says("\"one\"")), read(200, says("\"two\""))))
        .expectEvents(said(100, "\"one\""), said(200, "\"two\""));
  }

  @Test
  void whatIsKnownIsNotRecordedAgain() {
    session
        .given(running(said(100, "\"one\"")))
        .when(record(read(100, says("\"one\"")), read(200, says("\"two\""))))
        .expectEvents(said(200, "\"two\""));
    session
        .given(running(said(200, "\"two\"")))
        .when(record(read(100, says("\"one\"")), read(200, says("\"two\""))))
        .expectNoEvents();
  }

  @Test
  void allThatStandsInOneLineIsRecordedTogether() {
    session
        .given(running(said(100, "\"one\"")))
        .when(record(read(200, says("\"two\"")), read(200, says("\"three\""))))
        .expectEvents(said(200, "\"two\""), said(200, "\"three\""));
  }

  @Test
  void everyFileOfAProcessHasAnEndOfItsOwn() {
    session
        .given(running(said(500, "\"one\"")))
        .when(record(read(Source.USAGE, 100, turn("exc_1"))))
        .expectEvents(turned(100, "exc_1"));
  }

  @Test
  void anotherProcessBeginsAtItsOwnBeginning() {
    session
        .given(running(said(500, "\"one\""), started(2, OTHER_PROCESS, 2)))
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
  void whatTheRunnerItselfFoundOutIsNeverTakenForKnown() {
    var incident = new Output.Incident("unasked_tool", "Bash");
    var noted =
        new IncidentNoted(
            SESSION,
            RUN,
            MAIN,
            at(Source.RUNNER, 0),
            "unasked_tool",
            sealed(IncidentNoted.class, "detail", "Bash"));
    session
        .given(running(said(100, "\"one\""), noted))
        .when(record(read(Source.RUNNER, 0, incident)))
        .expectEvents(noted);
  }

  @Test
  void aProcessWhoseEpochIsOverRecordsNothing() {
    session
        .given(running(started(2, OTHER_PROCESS, 2)))
        .when(record(read(100, says("\"one\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2))
        .expectNoEvents();
  }

  @Test
  void anHeirsFirstWordEndsTheEpochBefore() {
    var heirs =
        new ContextCompacted(
            SESSION,
            RUN,
            MAIN,
            new io.agentledger.api.session.SourcePosition(PROCESS, 2, Source.JOURNAL, 100),
            "auto",
            9);
    session
        .given(running(heirs))
        .when(record(read(200, says("\"two\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new StaleEpoch(1, 2));
  }

  @Test
  void aRunThatHasNotStartedSaysNothing() {
    session
        .given(opened(), issued(QUERY, RUN, "hi"), now(Activity.RUNNING))
        .when(record(read(100, says("\"one\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void anExchangeIsCountedOnceWhereverItWasRead() {
    session
        .given(running(turned(100, "exc_1")))
        .when(record(read(Source.RUNNER, 0, turn("exc_1")), read(Source.USAGE, 200, turn("exc_2"))))
        .expectEvents(turned(200, "exc_2"));
  }

  @Test
  void whatAnExchangeCostIsRecordedEvenAfterTheEnd() {
    var over = running(new RunInterrupted(SESSION, RUN, NOTHING_USED), now(Activity.IDLE));
    session
        .given(over)
        .when(record(read(Source.USAGE, 100, turn("exc_1"))))
        .expectEvents(turned(100, "exc_1"));
    session
        .given(over)
        .when(record(read(100, says("\"late\""))))
        .expectException(RejectionException.class)
        .expectExceptionDetails(new NotRunning(RUN.value()));
  }

  @Test
  void thatAHookWasCalledIsRecordedEvenAfterTheEnd() {
    var hook = HookId.next();
    session
        .given(running(new RunInterrupted(SESSION, RUN, NOTHING_USED), now(Activity.IDLE)))
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
                at(Source.RUNNER, 0),
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
  void whatACommandInTheBackgroundReachesIsRecordedAfterItsRunToo() {
    session
        .given(
            running(
                said(100, "\"one\""),
                new RunInterrupted(SESSION, RUN, NOTHING_USED),
                now(Activity.IDLE)))
        .when(
            record(
                read(Source.RUNNER, 0, new Output.ReachedHost("a.example", 443, "listed")),
                read(Source.RUNNER, 0, new Output.RefusedHost("b.example", 22, "not listed"))))
        .expectEvents(
            new EgressAllowed(
                SESSION,
                RUN,
                MAIN,
                at(Source.RUNNER, 0),
                sealed(EgressAllowed.class, "host", "a.example"),
                443,
                "listed"),
            new EgressDenied(
                SESSION,
                RUN,
                MAIN,
                at(Source.RUNNER, 0),
                sealed(EgressDenied.class, "host", "b.example"),
                22,
                "not listed"));
  }

  @Test
  void whatIsKnownIsSilenceEvenAfterTheEnd() {
    session
        .given(
            running(
                said(100, "\"one\""),
                new RunInterrupted(SESSION, RUN, NOTHING_USED),
                now(Activity.IDLE)))
        .when(record(read(100, says("\"one\""))))
        .expectNoEvents();
  }

  @Test
  void aCallAndItsQuestionAreOneAppendAndTheSessionWaits() {
    session
        .given(running())
        .when(record(read(100, call()), read(100, asks(ACTION, CALL))))
        .expectEvents(called(100), asked(ACTION, CALL), now(Activity.WAITING, ACTION));
  }

  @Test
  void aQuestionThatIsKnownIsNotAskedAgain() {
    session
        .given(waiting())
        .when(record(read(Source.RUNNER, 0, asks(ACTION, CALL))))
        .expectNoEvents();
    session
        .given(running(asked(ACTION, CALL), expired(ACTION, Expiry.DEADLINE)))
        .when(record(read(Source.RUNNER, 0, asks(ACTION, CALL))))
        .expectNoEvents();
  }

  @Test
  void theCliTakesAQuestionBackOnce() {
    session
        .given(waiting())
        .when(record(read(200, new Output.Withdraw(ACTION, Expiry.WITHDRAWN))))
        .expectEvents(expired(ACTION, Expiry.WITHDRAWN), now(Activity.RUNNING));
    session
        .given(running(asked(ACTION, CALL), expired(ACTION, Expiry.DEADLINE)))
        .when(record(read(200, new Output.Withdraw(ACTION, Expiry.WITHDRAWN))))
        .expectNoEvents();
  }

  @Test
  void aToolThatReturnedIsNotWaitedFor() {
    session
        .given(waiting())
        .when(record(read(200, returns())))
        .expectEvents(expired(ACTION, Expiry.WITHDRAWN), returned(200), now(Activity.RUNNING));
  }

  @Test
  void aToolThatReturnedLeavesOtherCallsWaiting() {
    session
        .given(
            running(
                asked(ACTION, CALL),
                asked(OTHER_ACTION, OTHER_CALL),
                now(Activity.WAITING, ACTION, OTHER_ACTION)))
        .when(record(read(200, returns())))
        .expectEvents(
            expired(ACTION, Expiry.WITHDRAWN), returned(200), now(Activity.WAITING, OTHER_ACTION));
  }

  @Test
  void everyOtherOutputBecomesItsFact() {
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
                    Source.JOURNAL, 3, LANE, new Output.SubagentStart(MAIN, CALL, "scout", "go")),
                new Output.Entry(
                    Source.JOURNAL, 4, LANE, new Output.SubagentFinish(Outcome.RETURNED)),
                read(5, new Output.Todos(new Json("[]"))),
                read(6, new Output.Compaction("manual", 1000))))
        .expectEvents(
            new RunInitialized(
                SESSION,
                RUN,
                MAIN,
                at(1),
                "opus",
                List.of("Read"),
                servers,
                List.of("/compact"),
                PermissionMode.DEFAULT,
                "2.1.197"),
            new TurnRetried(SESSION, RUN, MAIN, at(2), 1, 10, SECOND, 529, "overloaded"),
            new SubagentStarted(
                SESSION,
                RUN,
                LANE,
                at(3),
                MAIN,
                CALL,
                "scout",
                sealed(SubagentStarted.class, "prompt", "go")),
            new SubagentFinished(SESSION, RUN, LANE, at(4), Outcome.RETURNED),
            new TodoUpdated(SESSION, RUN, MAIN, at(5), sealed(TodoUpdated.class, "todos", "[]")),
            new ContextCompacted(SESSION, RUN, MAIN, at(6), "manual", 1000));
  }

  @Test
  void questionsAndClientToolsAreWaitedForInTheirOrder() {
    var patience = new AnswerTimeout.Limited(Duration.ofMinutes(5));
    session
        .given(running())
        .when(
            record(
                read(1, new Output.AskQuestion(ACTION, CALL, patience, new Json("[]"))),
                read(
                    2,
                    new Output.CallClientTool(
                        OTHER_ACTION, OTHER_CALL, "lookup", patience, new Json("{}")))))
        .expectEvents(
            new QuestionAsked(
                SESSION,
                RUN,
                MAIN,
                ACTION,
                CALL,
                patience,
                sealed(QuestionAsked.class, "questions", "[]")),
            new ClientToolCalled(
                SESSION,
                RUN,
                MAIN,
                OTHER_ACTION,
                OTHER_CALL,
                "lookup",
                patience,
                sealed(ClientToolCalled.class, "input", "{}")),
            now(Activity.WAITING, ACTION, OTHER_ACTION));
  }

  @Test
  void anEmptyTextIsAbsentAndNotSealed() {
    session
        .given(running())
        .when(record(read(Source.RUNNER, 0, new Output.Incident("odd", ""))))
        .expectEvents(
            new IncidentNoted(SESSION, RUN, MAIN, at(Source.RUNNER, 0), "odd", Content.ABSENT));
  }
}
