package io.agentledger.command.claude.runner;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.RunAttempt;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reservations of processes for runs whose start is recorded together with their query. Whether a
 * process suits is checked before; what changes until the run begins is noticed by its supervisor,
 * and then the job of the run starts another attempt.
 */
final class ProcessReservations {
  private static final Logger log = LoggerFactory.getLogger(ProcessReservations.class);

  private final ProcessSupervisorFactory processSupervisorFactory;
  private final ProcessPool<ProcessSupervisor> pool;
  private final SessionStates<ProcessSupervisor> states;
  private final PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses;
  private final Function<SessionId, ReentrantLock> locks;
  private final FirstRunReservations firstRuns;

  /**
   * @param locks locks of the sessions, under which their states are used
   */
  ProcessReservations(
      ProcessSupervisorFactory processSupervisorFactory,
      ProcessPool<ProcessSupervisor> pool,
      SessionLeases leases,
      SessionStates<ProcessSupervisor> states,
      PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses,
      Function<SessionId, ReentrantLock> locks) {
    this.processSupervisorFactory = processSupervisorFactory;
    this.pool = pool;
    this.states = states;
    this.prewarmedProcesses = prewarmedProcesses;
    this.locks = locks;
    this.firstRuns =
        new FirstRunReservations(
            processSupervisorFactory, pool, leases, prewarmedProcesses, states, this, locks);
  }

  /** See {@link Runner#reserveFirst}. */
  Optional<Runner.Reservation> reserveFirst(
      DomainEventMessage<SessionOpened> opening, RunId run, RunOptions options) {
    return firstRuns.reserve(opening, run, options);
  }

  /** See {@link Runner#reserve}. */
  Optional<Runner.Reservation> reserve(
      SessionId session, RunId run, RunOptions options, long nextSequence) {
    ReentrantLock lock = locks.apply(session);
    if (pool.find(session).isEmpty() || !lock.tryLock()) {
      return Optional.empty();
    }
    try {
      return pool.find(session)
          .filter(ProcessSupervisor::tryReserve)
          .filter(process -> suitsOrCancel(process, options, nextSequence))
          .map(process -> new ProcessReservation(process, run));
    } finally {
      lock.unlock();
    }
  }

  private boolean suitsOrCancel(ProcessSupervisor process, RunOptions options, long nextSequence) {
    boolean suits = false;
    try {
      suits = suits(process, options, nextSequence);
    } catch (IOException | RuntimeException unusable) { // The job of the run records it.
      log.atDebug().setCause(unusable).log("could not check whether a process suits a run");
    } finally {
      if (!suits) {
        process.cancelReservation();
      }
    }
    return suits;
  }

  /** Checks what is in memory, and then the files and rules on which the launch depends. */
  private boolean suits(ProcessSupervisor process, RunOptions options, long nextSequence)
      throws IOException {
    Optional<SessionState> known = process.isAlive() ? states.find(process) : Optional.empty();
    if (known.isEmpty() || !known.get().catchUpInMemory(nextSequence)) {
      return false;
    }
    SessionState state = known.get();
    SessionPaths files = process.context().paths().sessionPaths();
    return !state.isUnderWay()
        && !mayPlanningBlock(state)
        && processSupervisorFactory.areFilesReady(state, files)
        && matches(
            process, processSupervisorFactory.planLaunch(state, options, files), state, files);
  }

  /** Returns whether a launch is planned from directories that others choose or fill. */
  static boolean mayPlanningBlock(SessionState state) {
    return !state.setup().directories().isEmpty()
        || !state.opened().agent().writableFolders().isEmpty()
        || state.setup().launchOptions().isStaged();
  }

  /**
   * Returns whether the process was launched as one of this plan would be. A prewarmed process has
   * seen an empty workspace, so files that came before the first run need another one.
   */
  boolean matches(
      ProcessSupervisor process, LaunchPlan plan, SessionState state, SessionPaths files)
      throws IOException {
    boolean outdated =
        process.context().prewarmed()
            && state.lastExecution().isEmpty()
            && !PrewarmedProcess.isEmpty(files.workspace());
    return !outdated
        && plan.matches(
            process.context().execution(),
            files,
            processSupervisorFactory.pathsResolver().ownerScripts());
  }

  /** Begins a run, on another thread if the lock of the session is in use. */
  private CompletableFuture<Void> begin(ProcessSupervisor process, RunId run) {
    ReentrantLock lock = locks.apply(process.session());
    return lock.tryLock()
        ? beginAndUnlock(process, run, lock)
        : CompletableFuture.supplyAsync(
                () -> {
                  lock.lock();
                  return beginAndUnlock(process, run, lock);
                },
                Thread::startVirtualThread)
            .thenCompose(Function.identity());
  }

  private CompletableFuture<Void> beginAndUnlock(
      ProcessSupervisor process, RunId run, ReentrantLock lock) {
    try {
      SessionState state =
          states.read(
              Optional.of(process),
              SessionState::catchUpAfterCommand,
              () -> processSupervisorFactory.readState(process.session()));
      return begin(process, state, run);
    } catch (IOException | RuntimeException failed) {
      process.cancelReservation();
      return CompletableFuture.failedFuture(failed);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Begins a run whose start at this process is recorded, unless it has begun. If it fails, the job
   * of the run tries it again. The caller holds the lock of the session.
   *
   * @return the end of the attempt
   */
  CompletableFuture<Void> begin(ProcessSupervisor process, SessionState state, RunId id)
      throws IOException {
    try {
      Optional<RunAttempt> begun = process.findAttempt(id);
      Optional<RunState> run = state.run(id);
      if (begun.isPresent() || run.isEmpty()) { // It has begun, or ended.
        return begun.map(RunAttempt::completion).orElse(CompletableFuture.completedFuture(null));
      }
      if (!isUnderWayAt(process, run.get())) {
        return CompletableFuture.failedFuture(new IOException("the run is not at this process"));
      }
      if (!DurableFiles.isSpacious(process.context().process().directory())) {
        processSupervisorFactory.pathsResolver().requireRoom(process.session());
      }
      RunAttempt attempt =
          LaunchSpecFactory.createAttempt(
              state,
              run.get(),
              run.get().attempt(),
              run.get().provenance().withoutSource(),
              processSupervisorFactory.hasConversation(
                  state, process.context().paths().sessionPaths()));
      process.submit(attempt);
      prewarmedProcesses.onRun(
          process.session(),
          attempt.options(),
          process.context().prewarmed(),
          attempt.completion());
      return attempt.completion();
    } finally {
      process.cancelReservation(); // A submitted attempt keeps the process busy.
    }
  }

  private static boolean isUnderWayAt(ProcessSupervisor process, RunState run) {
    return run.isUnderWay() && run.execution().equals(Optional.of(process.context().execution()));
  }

  private final class ProcessReservation implements Runner.Reservation {
    private final ProcessSupervisor process;
    private final RunId run;

    ProcessReservation(ProcessSupervisor process, RunId run) {
      this.process = process;
      this.run = run;
    }

    @Override
    public Execution execution() {
      return process.context().execution();
    }

    @Override
    public CompletableFuture<Void> begin() {
      return ProcessReservations.this.begin(process, run);
    }

    @Override
    public void cancel() {
      process.cancelReservation();
    }
  }
}
