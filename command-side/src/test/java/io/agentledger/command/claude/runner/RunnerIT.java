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
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.TodoUpdated;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
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
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.axonframework.commandhandling.CommandBus;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** Queries become runs of the real CLI with the rehearsal as its model, on a real PostgreSQL. */
class RunnerIT extends RunnerTestSupport {
  @Autowired Runner runner;
  @Autowired JdbcTemplate sql;
  @Autowired CommandBus commandBus;

  @Test
  void everyStepIsRecordedBeforeItHasEffects() throws Exception {
    openShared();
    RunId run = submitQuery("scenario: nonce");

    RunCompleted completed = awaitEvent(RunCompleted.class);
    assertThat(completed.runId()).isEqualTo(run);
    assertThat(events(RunStarted.class)).hasSize(1);
    assertThat(events(RunInitialized.class)).hasSize(1);
    assertThat(events(ToolCalled.class)).isNotEmpty();
    assertThat(events(ToolReturned.class)).hasSameSizeAs(events(ToolCalled.class));
    assertThat(events(MessageReceived.class)).isNotEmpty();
    assertThat(events(TurnFinished.class)).hasSize(completed.totals().turns());
    assertThat(completed.totals().turns()).isGreaterThan(1);
    assertThat(events().stream().map(event -> StableNames.of(event.getClass())).toList())
        .containsSubsequence(
            "RunStarted", "RunInitialized", "ToolCalled", "ToolReturned", "RunCompleted");
  }

  @Test
  void modelCostIsRecordedDuringTheRun() {
    openShared();
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    TurnFinished first = awaitEvent(TurnFinished.class);
    assertThat(events(RunCompleted.class)).isEmpty();
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));

    RunCompleted completed = awaitEvent(RunCompleted.class);
    List<TurnFinished> turns = events(TurnFinished.class);
    assertThat(turns.getFirst()).isEqualTo(first);
    assertThat(turns).hasSize(completed.totals().turns()).hasSizeGreaterThan(1);
    assertThat(turns).extracting(TurnFinished::exchangeId).doesNotHaveDuplicates();
    assertThat(events().indexOf(turns.getLast())).isLessThan(events().indexOf(completed));
  }

  @Test
  void transientEventsNameTheirPersistentEvents() {
    openShared();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(frames).allMatch(frame -> !frame.hasEvent());
    var pieces =
        frames.stream()
            .map(StreamItem::body)
            .filter(StreamItem.Partial.class::isInstance)
            .map(StreamItem.Partial.class::cast);
    var output = events(MessageReceived.class).stream().map(MessageReceived::messageId).toList();
    assertThat(pieces)
        .isNotEmpty()
        .extracting(StreamItem.Partial::messageId)
        .allMatch(output::contains);
  }

  @Test
  void oneProcessServesTheQueriesOfASession() {
    open();
    submitQuery("scenario: text");
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(RunStarted.class))
        .extracting(started -> started.execution().processId())
        .hasSize(2)
        .containsOnly(events(RunStarted.class).getFirst().execution().processId());
    // The CLI reports a total of its process; a short answer always costs it the same.
    var cliCosts = events(RunCompleted.class).stream().map(RunCompleted::cliCostUsd).toList();
    assertThat(cliCosts.getFirst()).singleElement().matches(cost -> cost.nanos() > 0);
    assertThat(cliCosts.getLast())
        .singleElement()
        .matches(cost -> cost.nanos() < 2 * cliCosts.getFirst().getFirst().nanos());
  }

  @Test
  void queuedRunBeginsWhenTheRunBeforeItIsInterruptedAtItsStart() {
    open();
    var interceptor =
        commandBus.registerHandlerInterceptor(
            (unit, chain) -> {
              if (unit.getMessage().getPayload() instanceof StartRun start
                  && start.sessionId().equals(session)
                  && events(RunInterrupted.class).isEmpty()) {
                awaitEvent(QueryQueued.class);
                CompletableFuture.runAsync(() -> submitInput(new Input.Interrupt())).join();
                RunId next = awaitEvents(QueryIssued.class, 2).getLast().runId();
                await().until(() -> isHandedOver(next));
              }
              return chain.proceed();
            });
    try (interceptor) {
      RunId first = submitQuery("scenario: text");
      RunId second = submitQuery("scenario: text");
      assertThat(awaitEvent(RunCompleted.class).runId()).isEqualTo(second);
      assertThat(awaitEvent(RunInterrupted.class).runId()).isEqualTo(first);
    }
  }

  private boolean isHandedOver(RunId run) {
    return pool.find(session).flatMap(supervisor -> supervisor.findAttempt(run)).isPresent();
  }

  @Test
  void interruptEndsTheRunAndTheNextQueryIsAnswered() {
    openShared();
    submitQuery("scenario: slow-text");
    awaitEvent(RunInitialized.class);
    submitInput(new Input.Interrupt());
    awaitEvent(RunInterrupted.class);
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
  }

  @Test
  void permissionRequestWaitsForAUserAndTheAllowedToolRuns() {
    openShared();
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    assertThat(events(ToolCalled.class).getLast().verdict()).isEqualTo(Verdict.ASKED);
    assertThat(events(ToolReturned.class)).isEmpty();
    submitInput(
        new Input.Decide(request.actionId(), Decision.ALLOW, request.inputDigest(), null, null));
    assertThat(result(awaitEvent(RunCompleted.class))).startsWith("It is written");
  }

  @Test
  void usersDenialReachesTheModelWithItsReason() {
    openShared();
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    submitInput(new Input.Decide(request.actionId(), Decision.DENY, null, null, "not on a Friday"));
    assertThat(result(awaitEvent(RunCompleted.class))).contains("not on a Friday");
    assertThat(events(ToolReturned.class))
        .extracting(ToolReturned::status)
        .containsExactly(CallStatus.DENIED);
  }

  @Test
  void questionIsAnsweredByAUser() {
    openShared();
    submitQuery("scenario: question");
    QuestionAsked request = awaitEvent(QuestionAsked.class);
    String questions = sealer.open(session, QuestionAsked.class, "questions", request.questions());
    String question = JsonPaths.read(questions, "/0/question");
    String label = JsonPaths.read(questions, "/0/options/0/label");
    submitInput(
        new Input.Answer(
            request.actionId(), new Json("{\"%s\":\"%s\"}".formatted(question, label))));
    assertThat(result(awaitEvent(RunCompleted.class))).contains(label);
  }

  @Test
  void disallowedToolIsDeniedWithoutAsking() {
    open(new RunOverrides(null, null, null, List.of("Bash"), null, null));
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .isNotEmpty()
        .allMatch(call -> call.verdict() == Verdict.DENIED);
  }

  @Test
  void deadProcessIsResumedAndTheRunEndsOnce() {
    open();
    RunId run = submitQuery("scenario: slow-text");
    awaitEvent(RunInitialized.class);
    long keeper = pool.find(session).orElseThrow().context().process().identity().pid();
    ProcessHandle.of(keeper).orElseThrow().descendants().forEach(ProcessHandle::destroyForcibly);

    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(failed.retrying()).isTrue();
    assertThat(awaitEvent(RunCompleted.class).runId()).isEqualTo(run);
    assertThat(events(RunStarted.class)).extracting(RunStarted::attempt).containsExactly(1, 2);
  }

  @Test
  void retryThatPrecedesTheSupervisorsFailureHandlingIsExecuted() {
    var slow =
        commandBus.registerHandlerInterceptor(
            (unit, chain) -> {
              if (unit.getMessage().getPayload() instanceof FailRun)
                unit.afterCommit(failed -> awaitRetry());
              return chain.proceed();
            });
    try {
      deadProcessIsResumedAndTheRunEndsOnce();
    } finally {
      slow.cancel();
    }
  }

  /**
   * Waits while the supervisor still sends its command; otherwise the lost run would have no job.
   */
  private void awaitRetry() {
    await()
        .pollInterval(5, MILLISECONDS)
        .until(
            () ->
                sql.queryForObject(
                        "select count(*) from run_job where task_instance like ? and picked",
                        Integer.class,
                        events(RunFailed.class).getFirst().runId() + ".2")
                    == 1);
  }

  @Test
  void restartedNodeContinuesTheRunAndItsPendingActions() throws Exception {
    open();
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    ProcessSupervisor before = pool.find(session).orElseThrow();
    before.detach();
    before.termination().join();

    recovery.recover();
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));

    assertThat(result(awaitEvent(RunCompleted.class))).startsWith("It is written");
    assertThat(events(RunStarted.class)).hasSize(1);
    assertThat(events(ToolCalled.class)).hasSize(1);
    assertThat(events(PermissionRequested.class)).hasSize(1);
  }

  @Test
  void processWithoutAJournalIsReplacedWhenItIsTakenOver() throws Exception {
    open();
    submitQuery("scenario: slow-text");
    awaitEvent(RunInitialized.class);
    ProcessSupervisor before = pool.find(session).orElseThrow();
    before.detach();
    before.termination().join();
    Files.delete(before.context().process().directory().resolve("out"));

    recovery.recover();

    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .isEqualTo("the journal cannot be read");
    awaitEvent(RunCompleted.class);
    assertThat(events(RunStarted.class)).extracting(RunStarted::attempt).containsExactly(1, 2);
  }

  @Test
  void leaseOfADeadNodeIsAwaitedWithoutCostingAnAttempt() {
    open();
    sql.update(
        """
        insert into claude_lease (session_id, node, epoch, expires_at)
        values (?, 'a dead node', 7, now() + interval '4 seconds')
        """,
        session.value());
    RunId run = submitQuery("scenario: text");
    var query = events(QueryIssued.class).getFirst().queryId();
    var assignment = new Runner.Assignment(session, run, query, ADA.provenance("req_test"));
    assertThatThrownBy(() -> runner.execute(assignment))
        .isInstanceOf(Runner.SessionBusyException.class);
    assertThat(events(RunStarted.class)).isEmpty();

    assertThat(awaitEvent(RunCompleted.class).runId()).isEqualTo(run);
    assertThat(events(RunFailed.class)).isEmpty();
    assertThat(events(RunStarted.class)).extracting(RunStarted::attempt).containsExactly(1);
    assertThat(events(RunStarted.class).getFirst().execution().epoch()).isEqualTo(8);
  }

  @Test
  void backgroundTaskReportStartsItsOwnRun() {
    openShared();
    submitQuery("scenario: background-bash");
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(RunStarted.class).getLast().cause()).isInstanceOf(Cause.Background.class);
  }

  @Test
  void subagentHasItsOwnThread() {
    openShared();
    submitQuery("scenario: subagent");
    awaitEvent(RunCompleted.class);
    SubagentStarted started = awaitEvent(SubagentStarted.class);
    assertThat(started.threadId()).isNotEqualTo(started.parentThreadId());
    assertThat(events(SubagentFinished.class))
        .extracting(SubagentFinished::threadId)
        .contains(started.threadId());
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::threadId)
        .contains(started.parentThreadId(), started.threadId());
  }

  @Test
  void todoListIsRecorded() {
    openShared();
    submitQuery("scenario: todo");
    awaitEvent(RunCompleted.class);
    TodoUpdated last = events(TodoUpdated.class).getLast();
    assertThat(sealer.open(session, TodoUpdated.class, "todos", last.todos()))
        .contains("\"status\":\"completed\"");
  }

  @Test
  void runTimeoutEndsTheRunAndItsProcess() {
    open(new RunOverrides(null, null, null, null, null, Duration.ofSeconds(2)));
    submitQuery("scenario: slow-tool");
    awaitEvent(RunFailed.class);
    await()
        .atMost(60, SECONDS)
        .until(() -> pool.find(session).filter(ProcessSupervisor::isBusy).isEmpty());
  }
}
