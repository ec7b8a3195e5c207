package io.agentledger.command.claude.runner;

import com.google.common.collect.MapMaker;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.FailRun;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.run.ProcessGoneException;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.RunAttempt;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.DiskFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.DomainEventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes runs with processes of the pool. */
final class CliRunner implements Runner {
  /**
   * Maximum number of starts: a process may end just when it gets an attempt; the record shows what
   * is left to do.
   */
  private static final int START_ATTEMPTS_MAX = 5;

  private static final Logger log = LoggerFactory.getLogger(CliRunner.class);

  private final ProcessSupervisorFactory processSupervisorFactory;
  private final ProcessPool<ProcessSupervisor> pool;
  private final SessionLeases leases;
  private final OrphanedProcesses orphanedProcesses;
  private final PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses;

  /** Fair locks of the sessions that use one now; the garbage collector removes the others. */
  private final ConcurrentMap<SessionId, ReentrantLock> locks =
      new MapMaker().weakValues().makeMap();

  private final SessionStates<ProcessSupervisor> states = new SessionStates<>();
  private final ProcessReservations reservations;
  private final PrewarmedProcessAssigner assigner;

  CliRunner(
      ProcessSupervisorFactory processSupervisorFactory,
      ProcessPool<ProcessSupervisor> pool,
      SessionLeases leases,
      OrphanedProcesses orphanedProcesses,
      PrewarmedProcesses<PrewarmedProcess> prewarmedProcesses) {
    this.prewarmedProcesses = prewarmedProcesses;
    this.processSupervisorFactory = processSupervisorFactory;
    this.pool = pool;
    this.leases = leases;
    this.orphanedProcesses = orphanedProcesses;
    this.reservations =
        new ProcessReservations(
            processSupervisorFactory, pool, leases, states, prewarmedProcesses, this::lockOf);
    this.assigner =
        new PrewarmedProcessAssigner(
            processSupervisorFactory, pool, leases, prewarmedProcesses, states);
  }

  /**
   * Returns the lock of a session, under which its processes are started, taken over and ended. The
   * caller references it until it has unlocked it.
   */
  ReentrantLock lockOf(SessionId session) {
    return locks.computeIfAbsent(session, absent -> new ReentrantLock(true));
  }

  @Override
  public Optional<Reservation> reserve(
      SessionId session, RunId run, RunOptions options, long nextSequence) {
    return reservations.reserve(session, run, options, nextSequence);
  }

  @Override
  public Optional<Reservation> reserveFirst(
      DomainEventMessage<SessionOpened> opening, RunId run, RunOptions options) {
    return reservations.reserveFirst(opening, run, options);
  }

  @Override
  public void execute(Assignment assignment) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Optional<CompletableFuture<Void>> end = start(assignment);
      try {
        if (end.isPresent()) {
          end.get().get();
        }
        return;
      } catch (ExecutionException failed) {
        boolean again =
            failed.getCause() instanceof ProcessGoneException && attempt < START_ATTEMPTS_MAX;
        if (!again) {
          throw new IllegalStateException("the attempt has no recorded end", failed.getCause());
        }
      }
    }
  }

  private Optional<CompletableFuture<Void>> start(Assignment assignment)
      throws InterruptedException {
    ReentrantLock lock = lockOf(assignment.session());
    lock.lockInterruptibly();
    pool.reserve(assignment.session());
    try {
      Optional<RunAttempt> localAttempt =
          pool.find(assignment.session())
              .flatMap(processSupervisor -> processSupervisor.findAttempt(assignment.run()));
      return localAttempt.isPresent() && !hasEnded(assignment, localAttempt.get())
          ? localAttempt.map(RunAttempt::completion)
          : startOnThisNode(assignment);
    } catch (DirectoryRefusedException refused) {
      recordFailure(assignment, Failure.SETUP, String.valueOf(refused.getMessage()));
      return Optional.empty();
    } catch (IOException unusable) {
      recordIfDiskFull(assignment, unusable);
      return Optional.empty();
    } finally {
      pool.release(assignment.session());
      lock.unlock();
    }
  }

  /** Records that the run failed because a resource that the session needs is not available. */
  private void recordFailure(Assignment assignment, Failure failure, String error) {
    pool.find(assignment.session()).ifPresent(pool::shutdownGracefully);
    long epoch = leases.acquire(assignment.session());
    processSupervisorFactory
        .readState(assignment.session())
        .run(assignment.run()) // Empty if its end is recorded.
        .map(run -> failRun(assignment, run, epoch, failure, error))
        .ifPresent(command -> processSupervisorFactory.send(command, assignment.provenance()));
    leases.release(assignment.session(), epoch);
  }

  private static FailRun failRun(
      Assignment assignment, RunState run, long epoch, Failure failure, String error) {
    return new FailRun(
        assignment.session(),
        assignment.run(),
        run.tryNumber(),
        epoch,
        failure,
        failure == Failure.DISK_FULL,
        Duration.ZERO,
        error,
        null);
  }

  private void recordIfDiskFull(Assignment assignment, IOException unusable) {
    try {
      processSupervisorFactory.pathsResolver().requireRoom(assignment.session());
    } catch (DiskFullException full) {
      recordFailure(assignment, Failure.DISK_FULL, String.valueOf(full.getMessage()));
      return;
    }
    throw new UncheckedIOException(unusable);
  }

  /**
   * Returns whether an earlier attempt has ended. A retry may arrive when the end of the earlier
   * attempt is recorded but its supervisor has not processed it yet; the retry must not wait for
   * that attempt.
   */
  private boolean hasEnded(Assignment assignment, RunAttempt attempt) {
    return states
        .read(
            pool.find(assignment.session()),
            SessionState::catchUp,
            () -> processSupervisorFactory.readState(assignment.session()))
        .run(assignment.run())
        .filter(run -> run.isUnderWay() || run.attempt() < attempt.number())
        .isEmpty();
  }

  private Optional<CompletableFuture<Void>> startOnThisNode(Assignment assignment)
      throws IOException {
    Optional<ProcessSupervisor> existing = pool.find(assignment.session());
    SessionState state =
        states.read(
            existing,
            known -> known.catchUpTo(assignment.run()),
            () -> processSupervisorFactory.readState(assignment.session()));
    Optional<RunState> run = state.run(assignment.run());
    if (run.isEmpty()) {
      return Optional.empty(); // Its end is recorded.
    }
    Optional<ProcessId> process = findProcessHere(state, run.get());
    if (existing.isEmpty() && orphanedProcesses.endOthers(assignment.session(), process)) {
      return startOnThisNode(assignment); // The rest of their output is recorded by now.
    }
    if (process.isPresent()) {
      return existing.isPresent()
          ? Optional.of(reservations.begin(existing.get(), state, assignment.run()))
          : takeOver(assignment);
    }
    processSupervisorFactory.pathsResolver().requireRoom(assignment.session());
    var files = processSupervisorFactory.pathsResolver().resolve(state);
    var launchPlan = processSupervisorFactory.planLaunch(state, run.get().options(), files);
    if (existing.isPresent() && !reservations.matches(existing.get(), launchPlan, state, files)) {
      end(existing.get(), state);
      return startOnThisNode(assignment); // The rest of its output is recorded by now.
    }
    ProcessSupervisor supervisor = existing.isPresent() ? existing.get() : start(state, launchPlan);
    RunAttempt attempt =
        LaunchSpecFactory.createAttempt(
            state,
            run.get(),
            run.get().attempt() + 1,
            assignment.provenance(),
            processSupervisorFactory.hasConversation(state, files));
    supervisor.submit(attempt);
    prewarmedProcesses.onRun(
        assignment.session(),
        attempt.options(),
        supervisor.context().prewarmed(),
        attempt.completion());
    return Optional.of(attempt.completion());
  }

  /** Ends a process; one that has executed nothing has nothing to store. */
  private void end(ProcessSupervisor process, SessionState state) {
    if (state.lastExecution().isEmpty()) {
      process.terminate();
    }
    pool.shutdownGracefully(process);
  }

  private Optional<CompletableFuture<Void>> takeOver(Assignment assignment) throws IOException {
    SessionState state = processSupervisorFactory.readState(assignment.session());
    Optional<RunState> run = state.run(assignment.run());
    return run.isEmpty()
        ? Optional.empty() // It has ended meanwhile.
        : Optional.of(orphanedProcesses.takeOver(state, run.get()));
  }

  /** Returns the process of a run in progress whose files are on this node. */
  private Optional<ProcessId> findProcessHere(SessionState state, RunState run) {
    return run.execution()
        .filter(execution -> run.isUnderWay())
        .filter(execution -> execution.node().equals(processSupervisorFactory.node()))
        .map(Execution::processId)
        .filter(id -> processSupervisorFactory.pathsResolver().hasProcess(state.session(), id));
  }

  private ProcessSupervisor start(SessionState state, LaunchPlan launchPlan) throws IOException {
    long epoch = leases.acquire(state.session()); // First, for another node may have the session.
    pool.makeRoom();
    Optional<PrewarmedProcess> prewarmed = prewarmedProcesses.take(state.session());
    ProcessSupervisor fresh;
    try {
      fresh = processSupervisorFactory.start(state, launchPlan, epoch, prewarmed);
    } catch (IOException | RuntimeException failed) {
      endAfterFailure(state.session(), epoch, prewarmed);
      throw failed;
    }
    pool.add(fresh);
    return fresh;
  }

  private void endAfterFailure(SessionId session, long epoch, Optional<PrewarmedProcess> prewarmed)
      throws IOException {
    if (prewarmed.isPresent()) {
      prewarmed.get().end();
    }
    if (processSupervisorFactory.pathsResolver().findLivingProcess(session).isEmpty()) {
      leases.release(session, epoch);
    }
  }

  /** See {@link PrewarmedProcessAssigner#assign}. */
  void assignPrewarmed(SessionId session) throws IOException {
    ReentrantLock lock = lockOf(session);
    if (!lock.tryLock()) {
      return;
    }
    pool.reserve(session);
    try {
      if (pool.hasRoom()) {
        assigner.assign(session);
      }
    } finally {
      pool.release(session);
      lock.unlock();
    }
  }

  /** Ends the process of a session whose files are about to be deleted. */
  void endProcess(SessionId session) {
    if (!prewarmedProcesses.isClaimed(session) && !pool.isKnown(session)) {
      return;
    }
    ReentrantLock lock = lockOf(session);
    lock.lock();
    try {
      prewarmedProcesses.end(session);
      pool.find(session)
          .ifPresent(
              process -> {
                process.terminate();
                process.termination().join();
              });
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the session's supervisor, because new events were recorded. */
  void refreshSupervisor(SessionId session) {
    pool.find(session).ifPresent(ProcessSupervisor::refreshState);
  }

  /**
   * Ensures that a process answers the session's side requests: the running one, the one of a run
   * that is about to start, or a new one. If the process is on another node, that node does it.
   *
   * @return the end of the process that was notified; empty if no request waits, or no process is
   *     available
   */
  Optional<CompletableFuture<Void>> superviseSideRequests(SessionId session) throws IOException {
    ReentrantLock lock = lockOf(session);
    lock.lock();
    try {
      SessionState state = processSupervisorFactory.readState(session);
      if (state.pendingRequests().sideRequests().isEmpty()) {
        return Optional.empty();
      }
      Optional<ProcessSupervisor> localSupervisor = pool.find(session);
      localSupervisor.ifPresent(ProcessSupervisor::refreshState);
      return localSupervisor.isPresent() || state.isUnderWay()
          ? localSupervisor.map(ProcessSupervisor::termination)
          : startForSideRequest(state);
    } finally {
      lock.unlock();
    }
  }

  /** Starts a process for side requests if runs leave capacity for it. */
  private Optional<CompletableFuture<Void>> startForSideRequest(SessionState state)
      throws IOException {
    if (pool.isFull() || !state.availability().mayStartProcess()) {
      return Optional.empty();
    }
    if (orphanedProcesses.endOthers(state.session(), Optional.empty())) {
      state.catchUp();
    }
    var files = processSupervisorFactory.pathsResolver().resolve(state);
    var launchPlan = processSupervisorFactory.planLaunch(state, state.setup().options(), files);
    return Optional.of(start(state, launchPlan).termination());
  }

  /**
   * Stores a conversation that is on the disk without a process: an older version left it there, or
   * a process that could not be started.
   */
  void storeAbandonedConversation(SessionId session) {
    ReentrantLock lock = lockOf(session);
    lock.lock();
    try {
      if (isSupervised(session)
          || !processSupervisorFactory.pathsResolver().hasAbandonedConversation(session)) {
        return;
      }
      long epoch = leases.acquire(session);
      processSupervisorFactory.storeConversation(
          processSupervisorFactory.readState(session), epoch);
      leases.release(session, epoch);
    } catch (SessionBusyException elsewhere) {
      log.atDebug()
          .addKeyValue("sessionId", session)
          .log("the conversation belongs to another node");
    } catch (IOException | RuntimeException stays) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(stays)
          .log("could not store a conversation; it stays on the disk");
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the session's process on this node has a supervisor. */
  boolean isSupervised(SessionId session) {
    return pool.find(session).isPresent();
  }
}
