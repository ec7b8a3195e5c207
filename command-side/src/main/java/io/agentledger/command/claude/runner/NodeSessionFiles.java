package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SessionBusy;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.command.support.FairExecutor;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Files of the sessions on this node, used under the lock that starts and ends processes. */
final class NodeSessionFiles implements SessionFiles {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** Maximum wait for other operations on a session's files, the time in the queue included. */
  private static final Duration WAIT_TIMEOUT = Duration.ofSeconds(30);

  /** Wait for a short operation, after a long time in the queue. */
  private static final Duration WAIT_TIMEOUT_MIN = Duration.ofMillis(20);

  /** Wait with a slot, after a long operation has ended; others may be shortly before this one. */
  private static final Duration TURN_TIMEOUT = Duration.ofMillis(500);

  private final CliRunner runner;
  private final ProcessSupervisorFactory processSupervisorFactory;
  private final ProcessPool pool;
  private final SessionLeases leases;
  private final OrphanedProcesses orphanedProcesses;

  NodeSessionFiles(
      CliRunner runner,
      ProcessSupervisorFactory processSupervisorFactory,
      ProcessPool pool,
      SessionLeases leases,
      OrphanedProcesses orphanedProcesses) {
    this.runner = runner;
    this.processSupervisorFactory = processSupervisorFactory;
    this.pool = pool;
    this.leases = leases;
    this.orphanedProcesses = orphanedProcesses;
  }

  @Override
  public <T> T exclusively(SessionId session, FileOperation<T> operation) throws IOException {
    ReentrantLock lock = runner.lockOf(session);
    acquire(lock);
    try {
      return operation.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Locks when it has a slot, so that an operation that waits for a slot never holds a lock. It
   * waits for a long operation without a slot, and then for its turn among short ones with a slot.
   */
  private static void acquire(ReentrantLock lock) {
    long startNanos = System.nanoTime();
    long timeoutNanos =
        Math.max(
            WAIT_TIMEOUT.minus(FairExecutor.queueTime()).toNanos(), WAIT_TIMEOUT_MIN.toNanos());
    Duration turnTimeout = Duration.ZERO;
    while (!tryLock(lock, turnTimeout.toNanos())) {
      long remainingNanos = timeoutNanos - (System.nanoTime() - startNanos);
      FairExecutor.yieldWhile(() -> awaitUnlocked(lock, remainingNanos));
      turnTimeout = TURN_TIMEOUT;
    }
  }

  private static void awaitUnlocked(ReentrantLock lock, long timeoutNanos) {
    if (!tryLock(lock, timeoutNanos)) {
      throw busy();
    }
    lock.unlock();
  }

  /** Locks in turn, unlike a call without a timeout. */
  private static boolean tryLock(ReentrantLock lock, long timeoutNanos) {
    try {
      return lock.tryLock(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException shutdown) {
      Thread.currentThread().interrupt();
      throw busy();
    }
  }

  @Override
  public SessionPaths pathsOf(SessionId session) throws IOException {
    return exclusively(session, () -> bringUpToDate(session));
  }

  private SessionPathsResolver pathsResolver() {
    return processSupervisorFactory.pathsResolver();
  }

  private SessionPaths bringUpToDate(SessionId session) throws IOException {
    Optional<ProcessSupervisor> localSupervisor = pool.find(session);
    if (localSupervisor.isPresent() && localSupervisor.get().isBusy()) {
      return localSupervisor.get().context().paths().sessionPaths();
    }
    SessionState state = processSupervisorFactory.readState(session);
    if (state.availability().isDeleted()) { // Its files are about to be deleted, or are already.
      throw new RejectionException(new NotFound("session", session.value()));
    }
    if (localSupervisor.isPresent() && !processSupervisorFactory.isUpToDate(state)) {
      pool.shutdownGracefully(
          localSupervisor.get()); // Files that the process has read were restored.
    }
    return processSupervisorFactory.bringUpToDate(state);
  }

  @Override
  public <T> T change(SessionId session, FileChange<T> change) throws IOException {
    return exclusively(
        session,
        () -> {
          pool.reserve(session); // A process that ended meanwhile would free the session.
          try {
            SessionPaths files = bringUpToDate(session);
            return pool.find(session).isPresent()
                ? change(session, files, change)
                : changeWithoutProcess(session, files, change);
          } finally {
            pool.release(session);
          }
        });
  }

  /** Another node that has the session would execute its runs without the change. */
  private <T> T changeWithoutProcess(SessionId session, SessionPaths files, FileChange<T> change)
      throws IOException {
    long epoch = acquireLease(session);
    try {
      return change(session, files, change);
    } finally {
      if (pathsResolver().findLivingProcess(session).isEmpty()) { // Else one without a supervisor.
        leases.release(session, epoch);
      }
    }
  }

  private <T> T change(SessionId session, SessionPaths files, FileChange<T> change)
      throws IOException {
    pathsResolver().markFilesChanged(session);
    try {
      return change.apply(files);
    } finally {
      // A checkpoint that was being taken meanwhile may have removed the mark.
      pathsResolver().markFilesChanged(session);
    }
  }

  @Override
  public void endIdleProcess(SessionId session) throws IOException {
    exclusively(
        session,
        () -> {
          Optional<ProcessSupervisor> localSupervisor = pool.find(session);
          if (localSupervisor.filter(ProcessSupervisor::isBusy).isPresent()) {
            throw busy();
          }
          localSupervisor.ifPresent(pool::shutdownGracefully);
          return session;
        });
  }

  @Override
  public Optional<CheckpointId> takeCheckpoint(SessionId session, Moment moment)
      throws IOException {
    return exclusively(
        session,
        () -> {
          bringUpToDate(session);
          SessionState state = processSupervisorFactory.readState(session);
          if (state.isUnderWay()) {
            return Optional.empty();
          }
          Optional<ProcessSupervisor> localSupervisor = pool.find(session);
          return localSupervisor.isPresent()
              ? processSupervisorFactory.takeCheckpoint(
                  state, localSupervisor.get().context().epoch(), moment)
              : takeCheckpointWithoutProcess(state, moment);
        });
  }

  private Optional<CheckpointId> takeCheckpointWithoutProcess(SessionState state, Moment moment)
      throws IOException {
    if (orphanedProcesses.endOthers(state.session(), Optional.empty())) {
      state.catchUp();
    }
    long epoch = acquireLease(state.session());
    try {
      processSupervisorFactory.storeConversation(state, epoch);
      state.catchUp();
      return processSupervisorFactory.takeCheckpoint(state, epoch, moment);
    } finally {
      processSupervisorFactory.storeConversation(state, epoch); // It may have been restored.
      leases.release(state.session(), epoch);
    }
  }

  private long acquireLease(SessionId session) {
    try {
      return leases.acquire(session);
    } catch (SessionLeases.LeaseHeldException elsewhere) {
      throw busy();
    }
  }

  private static RejectionException busy() {
    return new RejectionException(new SessionBusy(RETRY_AFTER));
  }

  @Override
  public Limits limits(SessionId session) {
    return processSupervisorFactory.limits(session);
  }

  @Override
  public OwnerScriptRunner ownerScripts() {
    return pathsResolver().ownerScripts();
  }
}
