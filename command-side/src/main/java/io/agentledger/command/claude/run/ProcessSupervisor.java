package io.agentledger.command.claude.run;

import io.agentledger.api.ops.DatabaseOutage;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.shared.RejectionException;
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
  private final SupervisionClock supervisionClock;
  private final LivePublisher livePublisher;
  private final JournalVerifier journalVerifier;
  private final ClaudeMessageHandler claudeMessageHandler;
  private final RunCoordinator coordinator;
  private final OutputLossDetector outputLossDetector;
  private final UnreadOutput unreadOutput;
  private final TaskQueue taskQueue = new TaskQueue();
  private final CompletableFuture<Void> termination = new CompletableFuture<>();
  private Optional<JournalTailer> journalTailer = Optional.empty();
  private volatile Instant lastUse;
  private volatile boolean loopStopped;
  private volatile boolean detached;
  private long lastCheckNanos = System.nanoTime();

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
    this.supervisionClock = new SupervisionClock(services.clock());
    SupervisorServices supervised = services.withClock(supervisionClock);
    DerivedIds derivedIds =
        new DerivedIds(
            processContext.state().session(), processContext.state().opened().threadId());
    this.livePublisher = new LivePublisher(derivedIds, services.liveFrames(), services.clock());
    this.journalVerifier = new JournalVerifier(connection);
    this.claudeMessageHandler =
        new ClaudeMessageHandler(
            processContext, connection, supervised, task -> taskQueue.put(task::run));
    this.coordinator = claudeMessageHandler.coordinator();
    this.unreadOutput = new UnreadOutput(processContext, connection, claudeMessageHandler);
    this.outputLossDetector =
        new OutputLossDetector(processContext, connection, services.watchdog(), supervisionClock);
    this.lastUse = services.clock().instant();
  }

  /** Begins with a new process. */
  public ProcessSupervisor start() {
    start(0);
    taskQueue.put(claudeMessageHandler::initialize);
    return this;
  }

  /** Reads the journal from where the record ends. A process without a journal is ended. */
  public void start(long offset) {
    taskQueue.put(
        () ->
            journalTailer =
                Optional.of(
                    JournalTailer.start(
                        processContext.process(), offset, services.journalWatcher(), this)));
    Thread.ofVirtual().name("supervisor-" + processContext.id()).start(this::loop);
  }

  public SessionId session() {
    return processContext.state().session();
  }

  public ProcessContext context() {
    return processContext;
  }

  /** Completes when the process is gone, or has been let go of. */
  public CompletableFuture<Void> termination() {
    return termination;
  }

  /** At a run, or at what is asked aside. */
  public boolean isBusy() {
    return coordinator.currentOrExpectedAttempt().isPresent()
        || coordinator.sideRequests().isWaiting();
  }

  /** The attempt at this run that is under way here, or about to be. */
  public Optional<RunAttempt> findAttempt(RunId run) {
    return coordinator.currentOrExpectedAttempt().filter(attempt -> attempt.run().equals(run));
  }

  public Instant lastUse() {
    return lastUse;
  }

  /** Since when nothing was heard of the run, and nothing that it waits for is in progress. */
  public Optional<SilentRun> findSilentRun() {
    return coordinator
        .currentRunId()
        .map(run -> new SilentRun(session(), run, outputLossDetector.lastSign()));
  }

  /** Carries out an attempt as soon as the process is free. */
  public void submit(RunAttempt attempt) {
    lastUse = services.clock().instant();
    coordinator.expect(attempt);
    taskQueue.put(this::startNext);
    failOnTermination(attempt);
  }

  /** What the process knows of files that were put back is wrong: another one begins. */
  private void startNext() throws IOException {
    if (!coordinator.isCliOccupied()) {
      if (coordinator.refreshAndDetectFileChange()) {
        endProcess();
        return;
      }
      if (coordinator.retirementReason().isPresent()) {
        retire("");
        return;
      }
      coordinator.checkpointExternalChanges();
    }
    coordinator.startIfIdle();
  }

  /** Goes on with an attempt that the record says is under way at this process. */
  public void adopt(RunAttempt.AttemptState attemptState) {
    coordinator.adopt(attemptState);
    taskQueue.put(claudeMessageHandler::reattach);
    failOnTermination(attemptState.attempt);
  }

  /** An attempt that is handed over to an heir does not end here, whatever it waits for. */
  private void failOnTermination(RunAttempt attempt) {
    termination.thenRun(
        () -> {
          if (!detached) {
            attempt.completion().completeExceptionally(new ProcessGoneException());
          }
        });
  }

  /** Somebody else put facts on the session's record. */
  public void refreshState() {
    taskQueue.put(coordinator::refreshState);
  }

  /** Ends an idle process; the conversation can be resumed. */
  public void shutdownGracefully() {
    taskQueue.put(() -> retire("The process was not needed any more."));
  }

  /** Ends it; {@code otherwise} is the recorded reason if the session itself is none. */
  private void retire(String otherwise) throws IOException {
    stopLoop();
    claudeMessageHandler.close(); // No hook is answered from here on.
    processContext.process().shutdownGracefully(GRACE, processContext.hasStartedTask());
    unreadOutput.record();
    release(otherwise);
  }

  /** Ends the process with all it does: its lease is lost, or its session is. */
  public void terminate() {
    taskQueue.put(this::endProcess);
  }

  /**
   * Ends the process: it has taken more than it may. A run that is under way is killed with it, at
   * once, and recorded as ended by this. Without one only the process goes: a run that is submitted
   * meanwhile gets another process.
   *
   * @param limit in words, for whoever reads the record
   */
  public void killForLimit(String limit) throws IOException {
    log.atWarn()
        .addKeyValue("sessionId", session())
        .addKeyValue("processId", processContext.id())
        .addKeyValue("limit", limit)
        .log("an agent took more than it may and is ended");
    if (coordinator.currentRunId().isPresent()) {
      coordinator.setLimitExceeded(limit);
      processContext.process().kill();
    } else {
      taskQueue.put(
          () -> {
            if (coordinator.currentRunId().isEmpty()) endProcess();
          });
    }
  }

  /** Leaves the process running, and its run to an heir. */
  public void detach() {
    taskQueue.put(
        () -> {
          detached = true;
          leave(true);
        });
  }

  private void loop() {
    try {
      while (!loopStopped) {
        taskQueue.poll(TICK_MILLIS).ifPresent(this::runGuarded);
        checkIfDue(); // However much it says: who talks without an end is not looked at else.
      }
    } catch (InterruptedException stopped) {
      stopLoop();
    } finally {
      termination.complete(null);
    }
  }

  private void checkIfDue() {
    long now = System.nanoTime();
    if (!loopStopped && now - lastCheckNanos >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
      lastCheckNanos = now;
      runGuarded(this::check);
    }
  }

  private void runGuarded(TaskQueue.Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException fault) {
      if (DatabaseOutage.findCause(fault).isPresent() && hasJob()) {
        log.atWarn()
            .addKeyValue("sessionId", session())
            .addKeyValue("processId", processContext.id())
            .addKeyValue("cause", fault.toString())
            .log("the database does not respond; the run is taken up again from the record");
        leave(true);
        return;
      }
      log.atError()
          .addKeyValue("sessionId", session())
          .addKeyValue("processId", processContext.id())
          .setCause(fault)
          .log("unexpected error while supervising a CLI process; ending it");
      fail(fault);
    }
  }

  /** The process cannot be trusted or not be recorded any more. */
  private void fail(Exception fault) {
    try {
      coordinator.failRun(Failure.CLI, true, ProcessFault.messageOf(fault));
      endProcess();
    } catch (IOException | RuntimeException unrecorded) {
      log.atError().setCause(unrecorded).log("could not record the failure of a CLI process");
      leave(hasJob() && !(unrecorded instanceof RejectionException));
    }
  }

  /** Whether a run is under way whose job takes it up again; what the CLI began has none. */
  private boolean hasJob() {
    Optional<RunAttempt.AttemptState> run = coordinator.currentAttemptState();
    return run.filter(state -> state.attempt.cause() instanceof Cause.Query).isPresent();
  }

  /** Leaves the process to its next supervisor: running, or killed because there may be none. */
  private void leave(boolean running) {
    stopLoop();
    try {
      if (!running) {
        processContext.process().kill();
      }
      processContext.process().close();
      closeSockets();
    } catch (IOException fault) {
      log.atWarn().setCause(fault).log("could not leave a CLI process to its next supervisor");
    }
  }

  private void check() throws IOException {
    claudeMessageHandler.publishProgress(livePublisher.progressPublisher());
    Optional<ProcessFault> fault =
        coordinator
            .check()
            .flatMap(ProcessFault::cliFault)
            .or(() -> outputLossDetector.check(coordinator));
    if (fault.isPresent()) {
      log.atWarn()
          .addKeyValue("sessionId", session())
          .addKeyValue("processId", processContext.id())
          .addKeyValue("fault", fault.get().error())
          .log("a CLI process is ended");
      coordinator.failRun(fault.get().failure(), fault.get().retryable(), fault.get().error());
      endProcess();
      return;
    }
    if (coordinator.isRetirementDue()) {
      retire("");
    }
  }

  private void endProcess() throws IOException {
    stopLoop();
    processContext.process().terminate(GRACE);
    release("The process was ended.");
  }

  /**
   * Records what ended with the process, keeps its conversation, and deletes its journal last. What
   * is not done now is done at the next start of the service.
   */
  private void release(String otherwise) {
    closeSockets();
    try {
      if (coordinator.recordProcessEnd(otherwise) && !processContext.process().isAlive()) {
        services.checkpoints().storeConversation(processContext);
        processContext.process().deleteFiles();
      }
    } catch (IOException | RuntimeException unrecorded) {
      log.atWarn()
          .addKeyValue("sessionId", session())
          .addKeyValue("processId", processContext.id())
          .setCause(unrecorded)
          .log("the end of a process could not be recorded; its journal stays");
    }
  }

  private void stopLoop() {
    loopStopped = true;
    journalTailer.ifPresent(JournalTailer::close);
  }

  private void closeSockets() {
    claudeMessageHandler.close();
    services.resourceLimiter().release(processContext.id().value());
  }

  @Override
  public void onBatch(List<JournalTailer.Entry> batch) throws IOException {
    List<JournalTailer.Entry> verified = journalVerifier.verify(batch);
    verified.forEach(entry -> livePublisher.publish(entry.message(), coordinator.currentRunId()));
    lastUse = services.clock().instant();
    coordinator.onActivity(supervisionClock.instant());
    outputLossDetector.onOutput(verified);
    taskQueue.putBatch(
        () -> {
          if (claudeMessageHandler.handle(verified)) {
            endProcess();
          }
        });
  }

  @Override
  public void onEnded() {
    taskQueue.put(
        () -> {
          stopLoop();
          coordinator.onProcessEnded();
          processContext.process().terminate(Duration.ZERO);
          release("The process ended.");
        });
  }

  @Override
  public void onFailure(Exception fault) {
    taskQueue.put(
        () -> {
          throw new IOException(JournalTailer.UNREADABLE, fault);
        });
  }
}
