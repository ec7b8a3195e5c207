package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.SessionCommand.PauseRun;
import io.agentledger.api.session.command.SessionCommand.StartRun;
import io.agentledger.api.session.command.SessionLifecycleCommand.RefuseRun;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.QueryEvent.InterruptRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import io.agentledger.api.shared.SessionRejection.StaleEpoch;
import io.agentledger.command.session.OpenCalls.OpenCall;
import io.agentledger.command.session.Run.State;
import io.agentledger.command.support.SessionSealer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;

/**
 * Lifecycle of a session's runs. The end of a run also ends its pending actions and calls and
 * releases the next query, in the same append.
 */
record RunLifecycle(
    SessionId session,
    SessionLifecycle sessionLifecycle,
    OpenRuns runs,
    QueryQueue queue,
    PendingActions actions,
    JournalPositions journals,
    BackgroundTasks tasks,
    OpenCalls calls,
    ThreadId mainThread) {

  /**
   * Starts an attempt, or does nothing if the process already executes it. The previous attempt's
   * calls and tasks are recorded as lost.
   */
  void start(StartRun command, SessionSealer sealer) {
    requireCurrentEpoch(command.execution().epoch());
    var openRun = runs.open(command.runId());
    if (openRun.filter(run -> isUnderWay(run, command)).isPresent()) return;
    requireNextAttempt(command, openRun);
    expireActionsOf(command.runId());
    var process = command.execution().processId();
    recordLost(other -> !other.equals(process), "Its process has ended.", sealer);
    apply(
        new RunStarted(
            session,
            command.runId(),
            mainThread,
            command.cause(),
            command.attempt(),
            command.requestedModel(),
            command.execution()));
  }

  /** Starts the first attempt of a run that is issued in the same unit of work. */
  void start(QueryIssued issued, Execution execution, SessionSealer sealer) {
    var cause = new Cause.Query(issued.queryId());
    var model = issued.options().model();
    start(new StartRun(session, issued.runId(), cause, 1, model, execution), sealer);
  }

  private static boolean isUnderWay(Run run, StartRun command) {
    return run.isAttempt(command.attempt(), command.execution().processId());
  }

  private void requireNextAttempt(StartRun command, Optional<Run> openRun) {
    if (openRun.isEmpty()) {
      validateBackground(command);
      return;
    }
    var run = openRun.get();
    if (!run.isCausedBy(command.cause()) || command.attempt() <= run.attempt())
      throw new IllegalStateException(
          "attempt %d of %s is not after attempt %d, or has another cause"
              .formatted(command.attempt(), run.id(), run.attempt()));
    if (command.attempt() > Run.ATTEMPTS_MAX)
      throw new IllegalStateException("too many attempts: " + run.id());
  }

  private void validateBackground(StartRun command) {
    boolean free =
        runs.backgroundRun().isEmpty()
            && !runs.hasEnded(command.runId())
            && !sessionLifecycle.isEnded();
    if (!(command.cause() instanceof Cause.Background) || !free)
      throw new RejectionException(new NotRunning(command.runId().value()));
  }

  void requireCurrentEpoch(long epoch) {
    if (epoch < journals.epoch())
      throw new RejectionException(new StaleEpoch(epoch, journals.epoch()));
  }

  /** Returns the run to end; empty if it has ended before, so that a repeated end is ignored. */
  Optional<Run> findUnlessEnded(RunId id) {
    var run = runs.open(id);
    if (run.isEmpty() && !runs.hasEnded(id))
      throw new RejectionException(new NotRunning(id.value()));
    return run;
  }

  /** Ends a run finally. */
  void end(Run run, RunEvent event) {
    closeOpen(run.id());
    apply(event);
    tasks.recordRunning(session, run.id());
    releaseNext();
  }

  /**
   * Ends all runs of a session that ends: requests the run in progress to stop; the queued queries
   * end after it.
   */
  void stop() {
    interrupt();
    releaseNext();
  }

  /** Continues with the queued queries after a pause. */
  void continueQueue() {
    if (queue.size() > 0) resume();
    releaseNext();
  }

  /**
   * Starts the next query. In a session that has ended, each queued query still gets its run, which
   * is interrupted at once, so that every query has a result.
   */
  private void releaseNext() {
    if (runs.queryRun().isPresent() || sessionLifecycle.isPaused()) return;
    queue.first().ifPresent(this::release);
    if (sessionLifecycle.isEnded()) interrupt();
  }

  /** Returns whether a run is in progress or queued; a run that waits for budget does not count. */
  boolean isBusy() {
    return queue.size() > 0 || runs.open().stream().anyMatch(run -> run.state() != State.PAUSED);
  }

  /**
   * Returns whether the session waits for more budget: its run is paused, and queued queries wait
   * for the run.
   */
  boolean isIdle() {
    return runs.open().stream().allMatch(run -> run.state() == State.PAUSED)
        && (queue.size() == 0 || isPausedForBudget());
  }

  private boolean isPausedForBudget() {
    return runs.queryRun().filter(run -> run.state() == State.PAUSED).isPresent();
  }

  /** Ends a run whose budget was not raised, and the queries that waited for it. */
  void endPaused() {
    if (!isPausedForBudget()) return;
    for (var run = runs.queryRun(); run.isPresent(); run = runs.queryRun())
      end(run.get(), run.get().budgetEvent(session));
  }

  /**
   * Failure of a run.
   *
   * @param retryable whether another attempt may succeed
   * @param duration duration of the attempt
   */
  record RunFailure(Failure failure, boolean retryable, Duration duration, String error) {
    static RunFailure timeout(Duration allowed) {
      return new RunFailure(Failure.TIMEOUT, false, allowed, "The run exceeded its timeout.");
    }
  }

  /** Records a failure: another attempt follows, unless this was the last one. */
  void fail(Run run, RunFailure runFailure, SessionSealer sealer) {
    boolean again = runFailure.retryable() && run.canRetry();
    var error = sealer.text(RunFailed.class, "error", runFailure.error());
    var runTotals = run.totalsAfter(runFailure.duration());
    var failed = new RunFailed(session, run.id(), runFailure.failure(), again, runTotals, error);
    if (again) suspend(run, failed);
    else end(run, failed);
  }

  /** Ends a run that may not begin; a process that executes it is requested to stop. */
  void refuse(Run run, RefuseRun command, SessionSealer sealer) {
    if (run.state() == State.RUNNING) interrupt(run);
    else
      fail(run, new RunFailure(command.failure(), false, Duration.ZERO, command.error()), sealer);
  }

  /**
   * Pauses a run whose budget does not suffice, unless its interrupt was requested. A background
   * run cannot be repeated: it fails.
   */
  void pause(Run run, PauseRun command, SessionSealer sealer) {
    var shortfall = command.shortfall();
    if (run.isInterruptRequested()) {
      tasks.stopAll(session); // Tasks that began meanwhile.
      end(run, run.interruptedEvent(session, command.duration()));
    } else if (run.query().isPresent())
      suspend(
          run, new RunPaused(session, run.id(), run.totalsAfter(command.duration()), shortfall));
    else
      fail(
          run,
          new RunFailure(Failure.MODEL, false, command.duration(), shortfall.message()),
          sealer);
  }

  /** Resumes a paused run before the next query. */
  void resume() {
    for (var run : runs.open())
      if (run.state() == State.PAUSED && run.query().isPresent())
        apply(
            new RunResumed(
                session, run.id(), run.query().get(), run.attempt() + 1, run.failures() + 1));
  }

  /** Ends an attempt that is followed by another one, or by a raise of the budget. */
  void suspend(Run run, RunEvent event) {
    closeOpen(run.id());
    apply(event);
  }

  private void release(QueryQueue.QueuedQuery next) {
    apply(
        new QueryIssued(
            session, next.query(), next.run(), next.cause(), next.options(), Content.ABSENT),
        MetaData.from(next.metadata()));
  }

  /** Records that the background tasks and the calls of a process have ended with it. */
  void endProcess(ProcessId process, String reason, SessionSealer sealer) {
    recordLost(process::equals, reason, sealer);
  }

  /**
   * Records the end of a process that ended with its run.
   *
   * @param process null if it continues
   */
  void endProcess(@Nullable ProcessId process, SessionSealer sealer) {
    if (process != null) endProcess(process, "The process ended.", sealer);
  }

  private void recordLost(Predicate<ProcessId> processes, String reason, SessionSealer sealer) {
    closeCalls(call -> processes.test(call.process()));
    for (var task : tasks.runningAt(processes))
      apply(
          new TaskEnded(
              session,
              runs.latest().orElseThrow(),
              mainThread,
              journals.ownPosition(task.process()),
              task.id(),
              TaskStatus.STOPPED,
              sealer.text(TaskEnded.class, "summary", reason)));
  }

  private void closeCalls(Predicate<OpenCall> filter) {
    for (var call : calls.find(filter)) {
      actions.expire(
          session, action -> action.toolCall().equals(call.id()), ExpiryReason.RUN_ENDED);
      apply(
          new ToolReturned(
              session,
              call.run(),
              call.thread(),
              journals.ownPosition(call.process()),
              call.id(),
              call.outcomeIfLost(),
              Content.ABSENT));
    }
  }

  /** Ends the actions and calls of a run that has ended; background tasks continue. */
  private void closeOpen(RunId over) {
    expireActionsOf(over);
    closeCalls(
        call ->
            (call.run().equals(over) || runs.open(call.run()).isEmpty())
                && (call.thread().equals(mainThread) || !tasks.isAnyRunning()));
  }

  private void expireActionsOf(RunId run) {
    actions.expire(session, action -> action.run().equals(run), ExpiryReason.RUN_ENDED);
  }

  /**
   * Interrupts the runs: a process that executes a run is requested to stop and reports its end; a
   * run without a process ends at once, and with a run that waits for budget also the queries
   * behind it.
   */
  void interrupt() {
    runs.open().forEach(this::interrupt);
  }

  /** Interrupts one run. */
  void interrupt(Run run) {
    if (run.isInterruptRequested()) return;
    apply(new InterruptRequested(session, run.id()));
    if (run.state() == State.PAUSED) endPaused();
    else if (run.state() != State.RUNNING) end(run, run.interruptedEvent(session, Duration.ZERO));
  }
}
