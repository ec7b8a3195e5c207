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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Supervises one process for as long as it lives on this node. One thread records all of its events
 * and writes all of its input; transient items are published at once on another thread.
 */
public final class ProcessSupervisor implements SupervisedProcess, JournalTailer.Listener {
  private static final Logger log = LoggerFactory.getLogger(ProcessSupervisor.class);
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
  private volatile boolean ends; // It takes no run.
  private volatile boolean detached;

  public ProcessSupervisor(
      ProcessContext processContext,
      ModelEndpoint.Connection connection,
      SupervisorServices services) {
    this.processContext = processContext;
    this.services = services;
    this.supervisionClock = new SupervisionClock(services.clock());
    var derivedIds = new DerivedIds(session(), processContext.state().opened().threadId());
    this.livePublisher = new LivePublisher(derivedIds, services.liveFrames(), services.clock());
    this.journalVerifier = new JournalVerifier(connection);
    this.claudeMessageHandler =
        new ClaudeMessageHandler(
            processContext,
            connection,
            services.withClock(supervisionClock),
            task -> taskQueue.put(task::run));
    this.coordinator = claudeMessageHandler.coordinator();
    this.unreadOutput = new UnreadOutput(processContext, connection, claudeMessageHandler);
    this.outputLossDetector =
        new OutputLossDetector(processContext, connection, services.watchdog(), supervisionClock);
    this.lastUse = services.clock().instant();
  }

  /** Starts supervising a new process, which may have been initialized before. */
  public ProcessSupervisor start(boolean initialized) {
    start(0);
    taskQueue.put(() -> claudeMessageHandler.initialize(initialized));
    return this;
  }

  /** Reads the journal from the recorded offset. A process without a journal is ended. */
  public void start(long offset) {
    taskQueue.put(
        () ->
            journalTailer =
                Optional.of(
                    JournalTailer.start(
                        processContext.process(), offset, services.journalWatcher(), this)));
    Thread.ofPlatform().daemon().name("supervisor-" + processContext.id()).start(this::loop);
  }

  @Override
  public SessionId session() {
    return processContext.state().session();
  }

  public ProcessContext context() {
    return processContext;
  }

  @Override
  public long epoch() {
    return processContext.epoch();
  }

  @Override
  public boolean isAlive() {
    return processContext.process().isAlive();
  }

  @Override
  public void heartbeat() throws IOException {
    processContext.process().heartbeat();
  }

  @Override
  public CompletableFuture<Void> termination() {
    return termination;
  }

  @Override
  public boolean isBusy() {
    return coordinator.currentOrExpectedAttempt().isPresent()
        || coordinator.next().isReserved()
        || coordinator.sideRequests().isWaiting();
  }

  /** Returns the attempt of this run that is in progress here, or about to begin. */
  public Optional<RunAttempt> findAttempt(RunId run) {
    return coordinator.currentOrExpectedAttempt().filter(attempt -> attempt.run().equals(run));
  }

  @Override
  public Instant lastUse() {
    return lastUse;
  }

  /** Returns the run in progress, and since when it has been silent without a reason. */
  public Optional<SilentRun> findSilentRun() {
    var run = coordinator.currentRunId();
    return run.map(id -> new SilentRun(session(), id, outputLossDetector.lastSign()));
  }

  /** Reserves an idle process for the attempt that is submitted next. */
  public boolean tryReserve() {
    return !loopStopped && !ends && !coordinator.isCliOccupied() && coordinator.next().tryReserve();
  }

  public void cancelReservation() {
    coordinator.next().cancelReservation();
  }

  /** Executes an attempt as soon as the process is idle. */
  public void submit(RunAttempt attempt) {
    lastUse = services.clock().instant();
    coordinator.next().submit(attempt);
    taskQueue.put(this::startNext);
    failOnTermination(attempt);
  }

  /** Ends the process if files were restored that it has read; a new process starts then. */
  private void startNext() throws IOException {
    journalTailer.ifPresent(JournalTailer::wake);
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

  /** Continues an attempt that is recorded as in progress at this process. */
  public void adopt(RunAttempt.AttemptState attemptState) {
    coordinator.adopt(attemptState);
    taskQueue.put(claudeMessageHandler::reattach);
    failOnTermination(attemptState.attempt);
  }

  private void failOnTermination(RunAttempt attempt) {
    termination.thenRun( // Unless another supervisor will continue the attempt.
        () -> {
          if (!detached) attempt.completion().completeExceptionally(new ProcessGoneException());
        });
  }

  /** Reads new events of the session, and ends the process if it may execute no further run. */
  public void refreshState() {
    taskQueue.put(coordinator::refreshState);
    taskQueue.put(this::retireIfDue);
  }

  @Override
  public void shutdownGracefully() {
    taskQueue.put(() -> retire("The process was no longer needed."));
  }

  /** Ends the process; {@code otherwise} is the recorded reason if the session gives none. */
  private void retire(String otherwise) throws IOException {
    stopLoop();
    claudeMessageHandler.close(); // From here on no hook is answered.
    processContext.process().shutdownGracefully(GRACE, processContext.hasStartedTask());
    unreadOutput.record();
    release(otherwise);
  }

  @Override
  public void terminate() {
    taskQueue.put(this::endProcess);
  }

  /**
   * Kills the process because it exceeded a limit. A run in progress ends with it, and its end is
   * recorded with this description. Without a run, the next one gets another process.
   */
  public void killForLimit(String limit) throws IOException {
    identify(log.atWarn()).addKeyValue("limit", limit).log("an agent exceeded a limit; ending it");
    if (coordinator.currentRunId().isPresent()) {
      coordinator.setLimitExceeded(limit);
      processContext.process().kill();
      return;
    }
    ends = true;
    taskQueue.put(
        () -> {
          if (coordinator.currentRunId().isEmpty()) endProcess();
          ends = false; // A run began before: the limit is checked again.
        });
  }

  @Override
  public void detach() {
    taskQueue.put(
        () -> {
          detached = true;
          leave(true);
        });
  }

  private LoggingEventBuilder identify(LoggingEventBuilder entry) {
    return entry.addKeyValue("sessionId", session()).addKeyValue("processId", processContext.id());
  }

  private void loop() {
    try {
      while (!loopStopped) {
        taskQueue.poll(SupervisionClock.checkMillis(isActive())).ifPresent(this::runGuarded);
        checkIfDue(); // Continuous output must not prevent checks.
      }
    } catch (InterruptedException stopped) {
      stopLoop();
    } finally {
      termination.complete(null);
    }
  }

  @Override
  public boolean isActive() {
    return isBusy() || coordinator.isCliOccupied() || processContext.hasStartedTask();
  }

  private void checkIfDue() {
    if (!loopStopped && supervisionClock.isCheckDue(isActive())) runGuarded(this::check);
  }

  private void runGuarded(TaskQueue.Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException | StackOverflowError fault) {
      if (DatabaseOutage.findCause(fault).isPresent() && hasJob()) {
        identify(log.atWarn())
            .addKeyValue("cause", fault.toString())
            .log("the database does not respond; the run will be resumed from the record");
        leave(true);
        return;
      }
      identify(log.atError())
          .setCause(fault)
          .log("unexpected error while supervising a CLI process; ending it");
      fail(fault);
    }
  }

  /** Fails the run and ends the process, which cannot be trusted or recorded any more. */
  private void fail(Throwable fault) {
    try {
      coordinator.failRun(Failure.CLI, true, ProcessFault.messageOf(fault));
      endProcess();
    } catch (IOException | RuntimeException unrecorded) {
      log.atError().setCause(unrecorded).log("could not record the failure of a CLI process");
      leave(hasJob() && !(unrecorded instanceof RejectionException));
    }
  }

  /** Returns whether a job will resume the run here; a background run has no job. */
  private boolean hasJob() {
    Optional<RunAttempt> attempt = coordinator.currentOrExpectedAttempt();
    return attempt.filter(found -> found.cause() instanceof Cause.Query).isPresent();
  }

  /** Leaves the process to its next supervisor: running, or killed if there may be none. */
  private void leave(boolean running) {
    stopLoop();
    try {
      if (!running) processContext.process().kill();
      processContext.process().close();
      closeSockets();
    } catch (IOException fault) {
      log.atWarn().setCause(fault).log("could not leave a CLI process to its next supervisor");
    }
  }

  private void check() throws IOException {
    claudeMessageHandler.publishProgress(livePublisher.progressPublisher());
    coordinator.sideRequests().reportIfDue();
    Optional<ProcessFault> cliFault = coordinator.check().flatMap(ProcessFault::cliFault);
    Optional<ProcessFault> found = cliFault.or(() -> outputLossDetector.check(coordinator));
    if (found.isEmpty()) {
      retireIfDue();
      return;
    }
    ProcessFault fault = found.get();
    identify(log.atWarn()).addKeyValue("fault", fault.error()).log("a CLI process is ended");
    coordinator.failRun(fault.failure(), fault.retryable(), fault.error());
    endProcess();
  }

  private void retireIfDue() throws IOException {
    if (coordinator.isRetirementDue()) retire("");
  }

  private void endProcess() throws IOException {
    stopLoop();
    processContext.process().terminate(GRACE);
    release("The process was ended.");
  }

  /**
   * Records the end of the process, stores its conversation, and deletes its journal last. Steps
   * that fail are repeated at the next start of the service.
   */
  private void release(String otherwise) {
    closeSockets();
    try {
      if (coordinator.recordProcessEnd(otherwise) && !processContext.process().isAlive()) {
        services.checkpoints().storeConversation(processContext);
        processContext.process().deleteFiles();
      }
    } catch (IOException | RuntimeException unrecorded) {
      identify(log.atWarn())
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
          if (claudeMessageHandler.handle(verified)) endProcess();
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
