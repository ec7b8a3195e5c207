package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.claude.run.ProcessSupervisor;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Runs that start with their query, at a process that waits on this node. */
class LocalRunIT extends RunnerTestSupport {
  @Autowired private CliRunner cliRunner;

  /** Opens a session whose process waits for its third run, and whose state is in memory. */
  private ProcessSupervisor openWithIdleProcess() {
    open();
    for (int runs = 1; runs <= 2; runs++) {
      submitQuery("scenario: text");
      awaitEvents(RunCompleted.class, runs);
    }
    ProcessSupervisor process = pool.find(session).orElseThrow();
    await().until(() -> !process.isActive());
    return process;
  }

  /** Submits a query and acts before its run begins, which needs the lock of the session. */
  private RunId submitQuery(Runnable beforeBegin) {
    var lock = cliRunner.lockOf(session);
    lock.lock();
    try {
      RunId run = submitQuery("scenario: text");
      assertThat(lastStart().runId()).isEqualTo(run);
      beforeBegin.run();
      return run;
    } finally {
      lock.unlock();
    }
  }

  private RunStarted lastStart() {
    return events(RunStarted.class).getLast();
  }

  @Test
  void runStartsInTheAppendOfItsQuery() {
    ProcessSupervisor process = openWithIdleProcess();
    RunId run = submitQuery("scenario: text");
    var events = events();
    var issued = events(QueryIssued.class).getLast();
    assertThat(lastStart()).isEqualTo(events.get(events.indexOf(issued) + 1));
    assertThat(lastStart().execution()).isEqualTo(process.context().execution());
    assertThat(awaitEvents(RunCompleted.class, 3).getLast().runId()).isEqualTo(run);
    assertThat(events(RunStarted.class)).extracting(RunStarted::attempt).containsOnly(1);
  }

  @Test
  void interruptBeforeTheRunBeginsSendsNoPrompt() {
    openWithIdleProcess();
    int messages = events(MessageReceived.class).size();
    RunId run = submitQuery(() -> submitInput(new Input.Interrupt()));
    assertThat(awaitEvent(RunInterrupted.class).runId()).isEqualTo(run);
    assertThat(events(MessageReceived.class)).hasSize(messages);
    RunId next = submitQuery("scenario: text");
    assertThat(awaitEvents(RunCompleted.class, 3).getLast().runId()).isEqualTo(next);
  }

  @Test
  void runWhoseProcessEndsBeforeItBeginsIsExecutedByAnother() {
    ProcessSupervisor process = openWithIdleProcess();
    RunId run =
        submitQuery(
            () -> {
              process.terminate();
              process.termination().join();
            });
    assertThat(awaitEvents(RunCompleted.class, 3).getLast().runId()).isEqualTo(run);
    assertThat(lastStart().attempt()).isEqualTo(2);
    assertThat(lastStart().execution().processId()).isNotEqualTo(process.context().id());
    assertThat(events(RunFailed.class)).isEmpty();
  }
}
