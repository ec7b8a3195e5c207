package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.live.LivePublisher;
import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.record.DerivedIds;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attends one process for as long as it lives on this node. Everything that is recorded of it and
 * everything that is written to it goes through one thread; frames pass on another one, at once.
 */
public final class ProcessSupervisor implements JournalTailer.Listener {
  private static final Logger log = LoggerFactory.getLogger(ProcessSupervisor.class);
  private static final long TICK_MILLIS = 500;
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ProcessContext processContext;
  private final SupervisorServices services;
  private final LivePublisher livePublisher;
  private final ClaudeMessageHandler claudeMessageHandler;
  private final RunCoordinator coordinator;
  private final TaskQueue taskQueue = new TaskQueue();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private Optional<JournalTailer> journalTailer = Optional.empty();
  private volatile Instant lastUse;
  private volatile boolean left;
  private volatile boolean handedOver;
  private long lookedAt = System.nanoTime();

  /** The process went before the attempt had an end; the record tells how far it came. */
  public static final class ProcessGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    ProcessGoneException() {
      super("the process is gone");
    }
  }

  public ProcessSupervisor(
      ProcessContext processContext,
      ModelEndpoint.Connection connection,
      SupervisorServices services) {
    this.processContext = processContext;
    this.services = services;
    DerivedIds derivedIds =
        new DerivedIds(
            processContext.record().session(), processContext.record().opening().threadId());
    this.livePublisher = new LivePublisher(derivedIds, services.lane(), services.clock());
    this.claudeMessageHandler =
        new ClaudeMessageHandler(
            processContext, connection, services, task -> taskQueue.put(task::run));
    this.coordinator = claudeMessageHandler.shift();
    this.lastUse = services.clock().instant();
  }

  /** Begins with a new process. */
  public ProcessSupervisor start() throws IOException {
    taskQueue.put(claudeMessageHandler::initialize);
    return start(0);
  }

  /** Reads the journal from where the record ends. */
  public ProcessSupervisor start(long offset) throws IOException {
    journalTailer =
        Optional.of(JournalTailer.start(processContext.process(), offset, services.watch(), this));
    Thread.ofVirtual().name("attendant-" + processContext.id()).start(this::loop);
    return this;
  }

  public SessionId session() {
    return processContext.record().session();
  }

  public ProcessContext post() {
    return processContext;
  }

  /** Completes when the process is gone, or has been let go of. */
  public CompletableFuture<Void> gone() {
    return gone;
  }

  /** At a run, or at what is asked aside. */
  public boolean isBusy() {
    return coordinator.attempt().isPresent() || coordinator.sideRequests().isWaiting();
  }

  /** The attempt at this run that is under way here, or about to be. */
  public Optional<RunAttempt> at(RunId run) {
    return coordinator.attempt().filter(attempt -> attempt.run().equals(run));
  }

  public Instant lastUse() {
    return lastUse;
  }

  /** Carries out an attempt as soon as the process is free. */
  public void accept(RunAttempt attempt) {
    lastUse = services.clock().instant();
    coordinator.expect(attempt);
    taskQueue.put(this::startNext);
    failWithoutEnd(attempt);
  }

  /** What the process knows of files that were put back is wrong: another one begins. */
  private void startNext() throws IOException {
    if (!coordinator.isAtWork()) {
      if (coordinator.refreshAndCheckFiles()) {
        endProcess();
        return;
      }
      coordinator.checkpointTouched();
    }
    coordinator.startIfIdle();
  }

  /** Goes on with an attempt that the record says is under way at this process. */
  public void adopt(RunAttempt.AttemptState attemptState) {
    coordinator.adopt(attemptState);
    taskQueue.put(claudeMessageHandler::reattach);
    failWithoutEnd(attemptState.attempt);
  }

  /** An attempt that is handed over to an heir does not end here, whatever it waits for. */
  private void failWithoutEnd(RunAttempt attempt) {
    gone.thenRun(
        () -> {
          if (!handedOver) {
            attempt.over().completeExceptionally(new ProcessGoneException());
          }
        });
  }

  /** Somebody else put facts on the session's record. */
  public void refreshState() {
    taskQueue.put(coordinator::refreshState);
  }

  /** Ends an idle process; the conversation can be resumed. */
  public void shutdownGracefully() {
    taskQueue.put(
        () -> {
          leave();
          processContext.process().shutdownGracefully(GRACE);
          closeSockets();
        });
  }

  /** Ends the process with all it does: its lease is lost, or its session is. */
  public void terminate() {
    taskQueue.put(this::endProcess);
  }

  /**
   * Kills the process: it has taken more than it may. What it said until then is recorded, and then
   * that its run ended by this.
   *
   * @param what in words, for whoever reads the record
   */
  public void killForLimit(String what) throws IOException {
    log.atWarn()
        .addKeyValue("sessionId", session())
        .addKeyValue("processId", processContext.id())
        .addKeyValue("limit", what)
        .log("an agent took more than it may and is ended");
    coordinator.killForLimit(what);
    processContext.process().kill();
  }

  /** Leaves the process running, and its run to an heir. */
  public void detach() {
    taskQueue.put(
        () -> {
          handedOver = true;
          leave();
          processContext.process().close();
          closeSockets();
        });
  }

  private void loop() {
    try {
      while (!left) {
        taskQueue.poll(TICK_MILLIS).ifPresent(this::attempt);
        checkIfDue(); // However much it says: who talks without an end is not looked at else.
      }
    } catch (InterruptedException stopped) {
      leave();
    } finally {
      gone.complete(null);
    }
  }

  private void checkIfDue() {
    long now = System.nanoTime();
    if (!left && now - lookedAt >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
      lookedAt = now;
      attempt(this::check);
    }
  }

  private void attempt(TaskQueue.Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException fault) {
      log.atError()
          .addKeyValue("sessionId", session())
          .addKeyValue("processId", processContext.id())
          .setCause(fault)
          .log("attending failed");
      fail(fault);
    }
  }

  /** The process cannot be trusted or not be recorded any more. */
  private void fail(Exception fault) {
    try {
      coordinator.giveUp(Failure.CLI, true, String.valueOf(fault.getMessage()));
      endProcess();
    } catch (IOException | RuntimeException unrecorded) {
      log.atError().setCause(unrecorded).log("the process is let go of, for its heir");
      leave();
      try {
        processContext.process().close();
        closeSockets();
      } catch (IOException closed) {
        log.atWarn().setCause(closed).log("cannot let go of a process");
      }
    }
  }

  private void check() throws IOException {
    claudeMessageHandler.show(livePublisher.glimpses());
    Optional<String> wrong = coordinator.check();
    if (wrong.isPresent()) {
      log.atWarn()
          .addKeyValue("sessionId", session())
          .addKeyValue("processId", processContext.id())
          .addKeyValue("fault", wrong.get())
          .log("a CLI process is ended");
      coordinator.giveUp(Failure.CLI, true, wrong.get());
      endProcess();
    }
  }

  private void endProcess() throws IOException {
    leave();
    processContext.process().terminate(GRACE);
    closeSockets();
  }

  private void leave() {
    left = true;
    journalTailer.ifPresent(JournalTailer::close);
  }

  private void closeSockets() {
    claudeMessageHandler.close();
    services.confinement().release(processContext.id().value());
  }

  @Override
  public void accept(List<JournalTailer.Entry> batch) throws IOException {
    batch.forEach(entry -> livePublisher.pass(entry.message(), coordinator.run()));
    lastUse = services.clock().instant();
    coordinator.onActivity(lastUse);
    taskQueue.putBatch(
        () -> {
          if (claudeMessageHandler.handle(batch)) {
            endProcess();
          }
        });
  }

  @Override
  public void ended() {
    taskQueue.put(
        () -> {
          leave();
          coordinator.ended();
          processContext.process().terminate(Duration.ZERO);
          closeSockets();
        });
  }

  @Override
  public void failed(Exception fault) {
    taskQueue.put(
        () -> {
          throw new IOException("the journal cannot be read", fault);
        });
  }
}
