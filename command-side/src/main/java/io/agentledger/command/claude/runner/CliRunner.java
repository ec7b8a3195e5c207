package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.RunAttempt;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.DiskFullException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries runs out with processes of the pool. */
final class CliRunner implements Runner, SessionFiles {
  /** A process may go just when it is handed an attempt; the record tells what is left to do. */
  private static final int START_ATTEMPTS_MAX = 5;

  private static final Logger log = LoggerFactory.getLogger(CliRunner.class);
  private static final int LOCK_STRIPES = 256;

  /** How often it is looked whether the run of a session that is no more has ended. */
  private static final int END_CHECKS_MAX = 60;

  /** How long a start of the service waits for the rest of a journal. */
  private static final Duration REST_TIMEOUT = Duration.ofSeconds(30);

  private static final Executor DELAYED_EXECUTOR =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Thread::startVirtualThread);

  private final ProcessSupervisorFactory processSupervisorFactory;
  private final ProcessPool pool;
  private final SessionLeases leases;

  /** Sessions share them, so that they do not grow with the sessions that ever were. */
  private final List<ReentrantLock> locks =
      Stream.generate(ReentrantLock::new).limit(LOCK_STRIPES).toList();

  CliRunner(
      ProcessSupervisorFactory processSupervisorFactory, ProcessPool pool, SessionLeases leases) {
    this.processSupervisorFactory = processSupervisorFactory;
    this.pool = pool;
    this.leases = leases;
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
            failed.getCause() instanceof ProcessSupervisor.ProcessGoneException
                && attempt < START_ATTEMPTS_MAX;
        if (!again) {
          throw new IllegalStateException("the attempt has no recorded end", failed.getCause());
        }
      }
    }
  }

  private Optional<CompletableFuture<Void>> start(Assignment assignment)
      throws InterruptedException {
    ReentrantLock lock = locks.get(Math.floorMod(assignment.session().hashCode(), LOCK_STRIPES));
    lock.lockInterruptibly();
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
      lock.unlock();
    }
  }

  /** A resource that the session needs is not available: its run fails and names it. */
  private void recordFailure(Assignment assignment, Failure failure, String error) {
    pool.find(assignment.session()).ifPresent(pool::shutdownGracefully);
    long epoch = leases.acquire(assignment.session());
    processSupervisorFactory.recordFailure(assignment, epoch, failure, error);
    leases.release(assignment.session(), epoch);
  }

  private void recordIfDiskFull(Assignment assignment, IOException unusable) {
    try {
      processSupervisorFactory.requireRoom(assignment.session());
    } catch (DiskFullException full) {
      recordFailure(assignment, Failure.DISK_FULL, String.valueOf(full.getMessage()));
      return;
    }
    throw new UncheckedIOException(unusable);
  }

  /**
   * Who retries may come when the end of an attempt is on the record, and its attendant has still
   * to take that in: it must not wait for that end, which is not its own.
   */
  private boolean hasEnded(Assignment assignment, RunAttempt attempt) {
    return processSupervisorFactory
        .readState(assignment.session())
        .run(assignment.run())
        .filter(run -> run.isUnderWay() || run.attempt() < attempt.number())
        .isEmpty();
  }

  private Optional<CompletableFuture<Void>> startOnThisNode(Assignment assignment)
      throws IOException {
    Optional<ProcessSupervisor> existing = pool.find(assignment.session());
    SessionState state = processSupervisorFactory.readState(assignment.session());
    Optional<RunState> run = state.run(assignment.run());
    if (run.isEmpty()) {
      return Optional.empty(); // Its end is on the record.
    }
    if (hasProcessHere(state, run.get())) {
      return Optional.of(takeOver(state, run.get()));
    }
    processSupervisorFactory.requireRoom(assignment.session());
    LaunchPlan launchPlan = processSupervisorFactory.planLaunch(state, run.get().options());
    if (existing.isPresent() && !matchesLaunch(existing.get(), launchPlan, state)) {
      pool.shutdownGracefully(existing.get());
      return startOnThisNode(assignment); // What it left behind at its end is on the record by now.
    }
    ProcessSupervisor supervisor = existing.isPresent() ? existing.get() : start(state, launchPlan);
    int number = run.get().attempt() + 1;
    RunAttempt attempt =
        new RunAttempt(
            assignment.run(),
            run.get().cause(),
            number,
            run.get().options(),
            assignment.provenance(),
            LaunchSpecFactory.createPrompt(
                state, run.get(), number, processSupervisorFactory.hasConversation(state)),
            new CompletableFuture<>());
    supervisor.submit(attempt);
    return Optional.of(attempt.completion());
  }

  private boolean hasProcessHere(SessionState state, RunState run) throws IOException {
    return run.isUnderWay()
        && run.execution().filter(m -> m.node().equals(processSupervisorFactory.node())).isPresent()
        && processSupervisorFactory
            .pathsResolver()
            .hasProcess(state.session(), run.execution().orElseThrow().processId());
  }

  /** Goes on with a run whose process an earlier life of this node started. */
  CompletableFuture<Void> takeOver(SessionState state, RunState run) throws IOException {
    long epoch = leases.acquire(state.session());
    ProcessSupervisor supervisor = processSupervisorFactory.takeOver(state, run, epoch);
    RunAttempt attempt =
        new RunAttempt(
            run.id(),
            run.cause(),
            run.attempt(),
            run.options(),
            run.provenance(),
            LaunchSpecFactory.createPrompt(
                state, run, run.attempt(), processSupervisorFactory.hasConversation(state)),
            new CompletableFuture<>());
    Instant startedAt = run.startedAt();
    supervisor.adopt(new RunAttempt.AttemptState(attempt, startedAt, run.isInitialized()));
    pool.add(supervisor);
    supervisor.start(
        state.endOffset(run.execution().orElseThrow().processId(), SourcePosition.Source.JOURNAL));
    return attempt.completion();
  }

  private boolean matchesLaunch(ProcessSupervisor supervisor, LaunchPlan plan, SessionState state)
      throws IOException {
    String hash =
        plan.withProjectConfig(processSupervisorFactory.pathsResolver().resolve(state))
            .completeSpec()
            .hash();
    return supervisor.context().execution().launchHash().equals(hash);
  }

  private ProcessSupervisor start(SessionState state, LaunchPlan launchPlan) throws IOException {
    ProcessSupervisor fresh =
        processSupervisorFactory.start(state, launchPlan, leases.acquire(state.session()));
    pool.add(fresh);
    return fresh;
  }

  @Override
  public SessionPaths pathsOf(SessionId session) throws IOException {
    ReentrantLock lock = locks.get(Math.floorMod(session.hashCode(), LOCK_STRIPES));
    lock.lock();
    try {
      Optional<ProcessSupervisor> localSupervisor = pool.find(session);
      if (localSupervisor.isPresent() && localSupervisor.get().isBusy()) {
        return localSupervisor.get().context().paths().sessionPaths();
      }
      SessionState state = processSupervisorFactory.readState(session);
      if (localSupervisor.isPresent() && !processSupervisorFactory.isUpToDate(state)) {
        pool.shutdownGracefully(
            localSupervisor.get()); // Files were put back that it has seen otherwise.
      }
      return processSupervisorFactory.bringUpToDate(state);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Limits limits(SessionId session) {
    return processSupervisorFactory.limits(session);
  }

  @Override
  public OwnerScriptRunner ownerScripts() {
    return processSupervisorFactory.pathsResolver().ownerScripts();
  }

  @Override
  public void markFilesChanged(SessionId session) throws IOException {
    processSupervisorFactory.pathsResolver().markFilesChanged(session);
  }

  /** Wakes whoever attends the session: somebody put facts on its record. */
  void refreshSupervisor(SessionId session) {
    pool.find(session).ifPresent(ProcessSupervisor::refreshState);
  }

  /**
   * Sees to it that a process answers what is asked aside: the one that is here, or that is about
   * to go on with a run, or a new one. Where another node has it, that one does.
   *
   * @return the end of the process that was told; empty where nobody waits, or none can be had
   */
  Optional<CompletableFuture<Void>> superviseSideRequests(SessionId session) throws IOException {
    ReentrantLock lock = locks.get(Math.floorMod(session.hashCode(), LOCK_STRIPES));
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

  /** Runs have the room first: what they leave is for what is asked aside. */
  private Optional<CompletableFuture<Void>> startForSideRequest(SessionState state)
      throws IOException {
    if (pool.isFull() || !state.availability().mayStartProcess()) {
      return Optional.empty();
    }
    LaunchPlan launchPlan = processSupervisorFactory.planLaunch(state, state.setup().options());
    return Optional.of(start(state, launchPlan).termination());
  }

  /**
   * Removes what is here of a session that is no more. Its run is interrupted and has a minute to
   * end; then its process is ended with all it does. May block.
   */
  void deleteSessionDirectory(SessionId session) {
    deleteSessionDirectory(session, END_CHECKS_MAX);
  }

  private void deleteSessionDirectory(SessionId session, int checksLeft) {
    ReentrantLock lock = locks.get(Math.floorMod(session.hashCode(), LOCK_STRIPES));
    lock.lock();
    try {
      Optional<ProcessSupervisor> localSupervisor = pool.find(session);
      if (localSupervisor.filter(ProcessSupervisor::isBusy).isPresent()) {
        if (checksLeft == 0) {
          localSupervisor.get().terminate();
        }
        DELAYED_EXECUTOR.execute(
            () -> deleteSessionDirectory(session, Math.max(0, checksLeft - 1)));
        return;
      }
      localSupervisor.ifPresent(pool::shutdownGracefully);
      processSupervisorFactory.pathsResolver().runDirectory().delete(session.value());
    } catch (IOException stays) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(stays)
          .log("files of a session that is no more could not be removed");
    } finally {
      lock.unlock();
    }
  }

  /**
   * Records what a process of an earlier life of this node said after the end of the record, and
   * what ended with it; then its files go. It must have ended, and no run of it be in progress.
   */
  void recordRest(SessionState state, ProcessId process) throws IOException {
    long epoch = leases.acquire(state.session());
    ProcessSupervisor supervisor = processSupervisorFactory.takeOverEnded(state, process, epoch);
    pool.add(supervisor);
    supervisor.start(state.endOffset(process, SourcePosition.Source.JOURNAL));
    supervisor
        .termination()
        .copy()
        .completeOnTimeout(null, REST_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /**
   * Keeps a conversation that is on the disk without a process: an older version left it there, or
   * a process that could not be started.
   */
  void storeAbandonedConversation(SessionId session) {
    ReentrantLock lock = locks.get(Math.floorMod(session.hashCode(), LOCK_STRIPES));
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
      log.atDebug().addKeyValue("sessionId", session).log("another node has the conversation");
    } catch (IOException | RuntimeException stays) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(stays)
          .log("a conversation stays on the disk");
    } finally {
      lock.unlock();
    }
  }

  /** Whether the session has a process here. */
  boolean isSupervised(SessionId session) {
    return pool.find(session).isPresent();
  }
}
