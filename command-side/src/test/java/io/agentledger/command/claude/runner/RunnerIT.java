package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.run.ProcessSupervisor;
import java.time.Duration;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Queries become runs of the real CLI against the rehearsed model, on a real PostgreSQL. */
class RunnerIT extends RunnerTestSupport {
  @Autowired Runner runner;
  @Autowired JdbcTemplate sql;
  @Autowired CommandBus bus;

  @Test
  void everyStepOfARunIsOnTheRecordBeforeItHasConsequences() throws Exception {
    open();
    RunId run = ask("scenario: nonce");

    RunCompleted completed = awaitFact(RunCompleted.class);
    assertThat(completed.runId()).isEqualTo(run);
    assertThat(facts(RunStarted.class)).hasSize(1);
    assertThat(facts(RunInitialized.class)).hasSize(1);
    assertThat(facts(ToolCalled.class)).isNotEmpty();
    assertThat(facts(ToolReturned.class)).hasSameSizeAs(facts(ToolCalled.class));
    assertThat(facts(MessageReceived.class)).isNotEmpty();
    assertThat(facts(TurnFinished.class)).hasSize(completed.tally().turns());
    assertThat(completed.tally().turns()).isGreaterThan(1);
    assertThat(facts().stream().map(event -> StableNames.of(event.getClass())).toList())
        .containsSubsequence(
            "RunStarted", "RunInitialized", "ToolCalled", "ToolReturned", "RunCompleted");
  }

  @Test
  void whatTheModelCostsIsOnTheRecordWhileTheRunIsUnderWay() {
    open();
    ask("scenario: ask-write");
    PermissionRequested request = awaitFact(PermissionRequested.class);
    TurnFinished first = awaitFact(TurnFinished.class);
    assertThat(facts(RunCompleted.class)).isEmpty();
    say(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));

    RunCompleted completed = awaitFact(RunCompleted.class);
    List<TurnFinished> turns = facts(TurnFinished.class);
    assertThat(turns.getFirst()).isEqualTo(first);
    assertThat(turns).hasSize(completed.tally().turns()).hasSizeGreaterThan(1);
    assertThat(turns).extracting(TurnFinished::exchangeId).doesNotHaveDuplicates();
    assertThat(facts().indexOf(turns.getLast())).isLessThan(facts().indexOf(completed));
  }

  @Test
  void framesNameTheFactsThatTheyBecome() {
    open();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
    assertThat(frames).allMatch(frame -> !frame.isFact());
    var pieces =
        frames.stream()
            .map(StreamItem::body)
            .filter(StreamItem.Partial.class::isInstance)
            .map(StreamItem.Partial.class::cast);
    var said = facts(MessageReceived.class).stream().map(MessageReceived::messageId).toList();
    assertThat(pieces)
        .isNotEmpty()
        .extracting(StreamItem.Partial::messageId)
        .allMatch(said::contains);
  }

  @Test
  void oneProcessServesTheQueriesOfASession() {
    open();
    ask("scenario: text");
    ask("scenario: text");
    awaitFacts(RunCompleted.class, 2);
    assertThat(facts(RunStarted.class))
        .extracting(started -> started.machinery().processId())
        .hasSize(2)
        .containsOnly(facts(RunStarted.class).getFirst().machinery().processId());
  }

  @Test
  void anInterruptEndsTheRunAndTheNextQueryIsAnswered() {
    open();
    ask("scenario: slow-text");
    awaitFact(RunInitialized.class);
    say(new Input.Interrupt());
    awaitFact(RunInterrupted.class);
    ask("scenario: text");
    awaitFact(RunCompleted.class);
  }

  @Test
  void whatIsAskedWaitsForAPersonAndTheAllowedToolRuns() {
    open();
    ask("scenario: ask-write");
    PermissionRequested request = awaitFact(PermissionRequested.class);
    assertThat(facts(ToolCalled.class).getLast().verdict()).isEqualTo(Verdict.ASKED);
    assertThat(facts(ToolReturned.class)).isEmpty();
    say(new Input.Decide(request.actionId(), Decision.ALLOW, request.inputDigest(), null, null));
    assertThat(result(awaitFact(RunCompleted.class))).startsWith("It is written");
  }

  @Test
  void aPersonsNoReachesTheModelWithItsReason() {
    open();
    ask("scenario: ask-write");
    PermissionRequested request = awaitFact(PermissionRequested.class);
    say(new Input.Decide(request.actionId(), Decision.DENY, null, null, "not on a Friday"));
    assertThat(result(awaitFact(RunCompleted.class))).contains("not on a Friday");
  }

  @Test
  void aQuestionIsAnsweredByAPerson() {
    open();
    ask("scenario: question");
    QuestionAsked request = awaitFact(QuestionAsked.class);
    String questions = sealer.open(session, QuestionAsked.class, "questions", request.questions());
    String question = ClaudeParserProbe.at(questions, "/questions/0/question");
    String label = ClaudeParserProbe.at(questions, "/questions/0/options/0/label");
    say(
        new Input.Answer(
            request.actionId(), new Json("{\"%s\":\"%s\"}".formatted(question, label))));
    assertThat(result(awaitFact(RunCompleted.class))).contains(label);
  }

  @Test
  void aDisallowedToolIsDeniedWithoutAsking() {
    open(new RunOverrides(null, null, null, List.of("Bash"), null, null));
    ask("scenario: nonce");
    awaitFact(RunCompleted.class);
    assertThat(facts(ToolCalled.class))
        .isNotEmpty()
        .allMatch(call -> call.verdict() == Verdict.DENIED);
  }

  @Test
  void aProcessThatDiesIsResumedAndTheRunEndsOnce() {
    open();
    RunId run = ask("scenario: slow-text");
    awaitFact(RunInitialized.class);
    long keeper = pool.find(session).orElseThrow().post().process().identity().pid();
    ProcessHandle.of(keeper).orElseThrow().descendants().forEach(ProcessHandle::destroyForcibly);

    RunFailed failed = awaitFact(RunFailed.class);
    assertThat(failed.retrying()).isTrue();
    assertThat(awaitFact(RunCompleted.class).runId()).isEqualTo(run);
    assertThat(facts(RunStarted.class)).extracting(RunStarted::attempt).containsExactly(1, 2);
  }

  @Test
  void aRetryThatComesBeforeItsAttendantHasTakenTheFailureInIsCarriedOut() {
    var slow =
        bus.registerHandlerInterceptor(
            (unit, chain) -> {
              if (unit.getMessage().getPayload() instanceof FailRun)
                unit.afterCommit(failed -> awaitRetry());
              return chain.proceed();
            });
    try {
      aProcessThatDiesIsResumedAndTheRunEndsOnce();
    } finally {
      slow.cancel();
    }
  }

  /** While the attendant is still at its command; what was lost then had no job any more. */
  private void awaitRetry() {
    await()
        .pollInterval(5, MILLISECONDS)
        .until(
            () ->
                sql.queryForObject(
                        "select count(*) from run_job where task_instance like ? and picked",
                        Integer.class,
                        facts(RunFailed.class).getFirst().runId() + ".2")
                    == 1);
  }

  @Test
  void aRestartedNodeGoesOnWithTheRunAndWithWhatItWaitsFor() throws Exception {
    open();
    ask("scenario: ask-write");
    PermissionRequested request = awaitFact(PermissionRequested.class);
    ProcessSupervisor before = pool.find(session).orElseThrow();
    before.detach();
    before.gone().join();

    recovery.recover();
    say(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));

    assertThat(result(awaitFact(RunCompleted.class))).startsWith("It is written");
    assertThat(facts(RunStarted.class)).hasSize(1);
    assertThat(facts(ToolCalled.class)).hasSize(1);
    assertThat(facts(PermissionRequested.class)).hasSize(1);
  }

  @Test
  void aDeadNodesLeaseIsWaitedForAndCostsTheRunNoTry() {
    open();
    sql.update(
        """
        insert into claude_lease (session_id, node, epoch, expires_at)
        values (?, 'a dead node', 7, now() + interval '4 seconds')
        """,
        session.value());
    RunId run = ask("scenario: text");
    var query = facts(QueryIssued.class).getFirst().queryId();
    var assignment = new Runner.Assignment(session, run, query, ADA.provenance("req_test"));
    assertThatThrownBy(() -> runner.execute(assignment))
        .isInstanceOf(Runner.SessionBusyException.class);
    assertThat(facts(RunStarted.class)).isEmpty();

    assertThat(awaitFact(RunCompleted.class).runId()).isEqualTo(run);
    assertThat(facts(RunFailed.class)).isEmpty();
    assertThat(facts(RunStarted.class)).extracting(RunStarted::attempt).containsExactly(1);
    assertThat(facts(RunStarted.class).getFirst().machinery().epoch()).isEqualTo(8);
  }

  @Test
  void whatABackgroundTaskReportsIsARunOfItsOwn() {
    open();
    ask("scenario: background-bash");
    awaitFacts(RunCompleted.class, 2);
    assertThat(facts(RunStarted.class).getLast().cause()).isInstanceOf(Cause.Background.class);
  }

  @Test
  void aSubagentHasALaneOfItsOwn() {
    open();
    ask("scenario: subagent");
    awaitFact(RunCompleted.class);
    SubagentStarted started = awaitFact(SubagentStarted.class);
    assertThat(started.threadId()).isNotEqualTo(started.parent());
    assertThat(facts(SubagentFinished.class))
        .extracting(SubagentFinished::threadId)
        .contains(started.threadId());
    assertThat(facts(ToolCalled.class))
        .extracting(ToolCalled::threadId)
        .contains(started.parent(), started.threadId());
  }

  @Test
  void theAgentsTodoListIsOnTheRecord() {
    open();
    ask("scenario: todo");
    awaitFact(RunCompleted.class);
    TodoUpdated last = facts(TodoUpdated.class).getLast();
    assertThat(sealer.open(session, TodoUpdated.class, "todos", last.todos()))
        .contains("\"status\":\"completed\"");
  }

  @Test
  void aRunThatTakesTooLongIsEndedAndItsProcessToo() {
    open(new RunOverrides(null, null, null, null, null, Duration.ofSeconds(2)));
    ask("scenario: slow-tool");
    awaitFact(RunFailed.class);
    await()
        .atMost(30, SECONDS)
        .until(() -> pool.find(session).filter(ProcessSupervisor::isBusy).isEmpty());
  }
}
