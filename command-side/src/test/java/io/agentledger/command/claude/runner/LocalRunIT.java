package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
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
import io.agentledger.store.event.NotifyingEventStore;
import io.agentledger.store.event.NotifyingEventStore.ChangeListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Runs that start with their query, at a process that waits on this node. */
class LocalRunIT extends RunnerTestSupport {
  @Autowired private CliRunner cliRunner;
  @Autowired private NotifyingEventStore notifyingStore;

  /** Takes the lock at the next start of a run, if there is one. */
  private volatile @Nullable LockHolder lockHolder;

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

  /**
   * Submits a query whose run starts with it, and acts before the run begins, which needs the lock
   * of the session: another thread takes it at the commit. A busy machine may leave a run to its
   * job; then another query is submitted.
   */
  private RunId submitQuery(Runnable beforeBegin) {
    for (int tries = 1; ; tries++) {
      RunId run;
      try (var holder = new LockHolder()) {
        lockHolder = holder;
        run = submitQuery("scenario: text");
        lockHolder = null;
        if (lastStart().runId().equals(run)) {
          beforeBegin.run();
          return run;
        }
      }
      assertThat(tries).isLessThan(5);
      awaitCompleted(run);
      await().until(() -> !pool.find(session).orElseThrow().isActive());
    }
  }

  @BeforeEach
  void listenToStarts() {
    notifyingStore.onOwnChange(
        new ChangeListener() {
          @Override
          public Runnable beforeCommit(String stream, long lastSequence) {
            return () -> {};
          }

          @Override
          public void afterCommit(DomainEventMessage<?> event) {
            LockHolder holder = lockHolder;
            if (holder != null && event.getPayloadType() == RunStarted.class) holder.lock();
          }
        });
  }

  /** Thread that has the lock of the session until it is closed. */
  private final class LockHolder implements AutoCloseable {
    private final ReentrantLock lock = cliRunner.lockOf(session);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    void lock() {
      CompletableFuture.runAsync(lock::lock, thread).join();
    }

    @Override
    public void close() {
      thread.execute(
          () -> {
            while (lock.isHeldByCurrentThread()) lock.unlock();
          });
      thread.close();
    }
  }

  private void awaitCompleted(RunId run) {
    await()
        .atMost(60, SECONDS)
        .until(
            () ->
                events(RunCompleted.class).stream().map(RunCompleted::runId).anyMatch(run::equals));
  }

  private RunStarted lastStart() {
    return events(RunStarted.class).getLast();
  }

  @Test
  void runStartsInTheAppendOfItsQuery() {
    ProcessSupervisor process = openWithIdleProcess();
    RunId run = submitQuery(() -> {});
    var events = events();
    var issued = events(QueryIssued.class).getLast();
    assertThat(lastStart()).isEqualTo(events.get(events.indexOf(issued) + 1));
    assertThat(lastStart().execution()).isEqualTo(process.context().execution());
    awaitCompleted(run);
    assertThat(events(RunStarted.class)).extracting(RunStarted::attempt).containsOnly(1);
  }

  @Test
  void interruptBeforeTheRunBeginsSendsNoPrompt() {
    openWithIdleProcess();
    RunId run = submitQuery(() -> submitInput(new Input.Interrupt()));
    assertThat(awaitEvent(RunInterrupted.class).runId()).isEqualTo(run);
    assertThat(events(MessageReceived.class))
        .extracting(MessageReceived::runId)
        .doesNotContain(run);
    RunId next = submitQuery("scenario: text");
    awaitCompleted(next);
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
    awaitCompleted(run);
    assertThat(lastStart().attempt()).isEqualTo(2);
    assertThat(lastStart().execution().processId()).isNotEqualTo(process.context().id());
    assertThat(events(RunFailed.class)).isEmpty();
  }
}
