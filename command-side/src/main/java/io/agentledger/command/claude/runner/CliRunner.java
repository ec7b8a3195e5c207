package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.RunAttempt;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  private static final int BEGINNINGS_MAX = 5;

  private static final Logger log = LoggerFactory.getLogger(CliRunner.class);
  private static final int DOORS = 256;

  /** How often it is looked whether the run of a session that is no more has ended. */
  private static final int ENDINGS_MAX = 60;

  private static final Executor LATER =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Thread::startVirtualThread);

  private final ProcessSupervisorFactory processSupervisorFactory;
  private final ProcessPool pool;
  private final SessionLeases leases;

  /** Sessions share them, so that they do not grow with the sessions that ever were. */
  private final List<ReentrantLock> doors =
      Stream.generate(ReentrantLock::new).limit(DOORS).toList();

  CliRunner(
      ProcessSupervisorFactory processSupervisorFactory, ProcessPool pool, SessionLeases leases) {
    this.processSupervisorFactory = processSupervisorFactory;
    this.pool = pool;
    this.leases = leases;
  }

  @Override
  public void execute(Assignment assignment) throws InterruptedException {
    for (int beginning = 1; ; beginning++) {
      Optional<CompletableFuture<Void>> end = start(assignment);
      try {
        if (end.isPresent()) {
          end.get().get();
        }
        return;
      } catch (ExecutionException failed) {
        boolean again =
            failed.getCause() instanceof ProcessSupervisor.ProcessGoneException
                && beginning < BEGINNINGS_MAX;
        if (!again) {
          throw new IllegalStateException("the attempt has no recorded end", failed.getCause());
        }
      }
    }
  }

  private Optional<CompletableFuture<Void>> start(Assignment assignment)
      throws InterruptedException {
    ReentrantLock lock = doors.get(Math.floorMod(assignment.session().hashCode(), DOORS));
    lock.lockInterruptibly();
    try {
      Optional<RunAttempt> here =
          pool.find(assignment.session())
              .flatMap(processSupervisor -> processSupervisor.at(assignment.run()));
      return here.isPresent() && !isOver(assignment, here.get())
          ? here.map(RunAttempt::over)
          : startOnThisNode(assignment);
    } catch (DirectoryRefusedException refused) {
      recordRefusal(assignment, refused);
      return Optional.empty();
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    } finally {
      lock.unlock();
    }
  }

  /** A folder that the session should see is not to be had: its run fails, and says which. */
  private void recordRefusal(Assignment of, DirectoryRefusedException why) {
    pool.find(of.session()).ifPresent(pool::shutdownGracefully);
    long epoch = leases.acquire(of.session());
    processSupervisorFactory.fail(of, epoch, String.valueOf(why.getMessage()));
    leases.release(of.session(), epoch);
  }

  /**
   * Who retries may come when the end of an attempt is on the record, and its attendant has still
   * to take that in: it must not wait for that end, which is not its own.
   */
  private boolean isOver(Assignment assignment, RunAttempt attempt) {
    return processSupervisorFactory
        .read(assignment.session())
        .run(assignment.run())
        .filter(run -> run.isUnderWay() || run.attempt() < attempt.number())
        .isEmpty();
  }

  private Optional<CompletableFuture<Void>> startOnThisNode(Assignment assignment)
      throws IOException {
    Optional<ProcessSupervisor> kept = pool.find(assignment.session());
    SessionState state = processSupervisorFactory.read(assignment.session());
    Optional<RunState> run = state.run(assignment.run());
    if (run.isEmpty()) {
      return Optional.empty(); // Its end is on the record.
    }
    if (isLeftHere(state, run.get())) {
      return Optional.of(takeOver(state, run.get()));
    }
    LaunchPlan launchPlan = processSupervisorFactory.outfit(state, run.get().options());
    if (kept.isPresent() && !fits(kept.get(), launchPlan, state)) {
      pool.shutdownGracefully(kept.get());
      return startOnThisNode(assignment); // What it left behind at its end is on the record by now.
    }
    ProcessSupervisor supervisor = kept.isPresent() ? kept.get() : start(state, launchPlan);
    int number = run.get().attempt() + 1;
    RunAttempt attempt =
        new RunAttempt(
            assignment.run(),
            run.get().cause(),
            number,
            run.get().options(),
            assignment.provenance(),
            LaunchSpecFactory.prompt(
                state, run.get(), number, processSupervisorFactory.hasConversation(state)),
            new CompletableFuture<>());
    supervisor.accept(attempt);
    return Optional.of(attempt.over());
  }

  private boolean isLeftHere(SessionState state, RunState run) throws IOException {
    return run.isUnderWay()
        && run.machinery().filter(m -> m.node().equals(processSupervisorFactory.node())).isPresent()
        && processSupervisorFactory
            .grounds()
            .has(state.session(), run.machinery().orElseThrow().processId());
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
            LaunchSpecFactory.prompt(
                state, run, run.attempt(), processSupervisorFactory.hasConversation(state)),
            new CompletableFuture<>());
    Instant startedAt = run.startedAt();
    supervisor.adopt(new RunAttempt.AttemptState(attempt, startedAt, run.isInitialized()));
    pool.add(supervisor);
    supervisor.start(
        state.end(run.machinery().orElseThrow().processId(), SourcePosition.Source.JOURNAL));
    return attempt.over();
  }

  private boolean fits(ProcessSupervisor kept, LaunchPlan wanted, SessionState state)
      throws IOException {
    String hash = wanted.in(processSupervisorFactory.grounds().resolve(state)).whole().hash();
    return kept.post().machinery().launchHash().equals(hash);
  }

  private ProcessSupervisor start(SessionState state, LaunchPlan launchPlan) throws IOException {
    ProcessSupervisor fresh =
        processSupervisorFactory.start(state, launchPlan, leases.acquire(state.session()));
    pool.add(fresh);
    return fresh;
  }

  @Override
  public SessionPaths pathsOf(SessionId session) throws IOException {
    ReentrantLock lock = doors.get(Math.floorMod(session.hashCode(), DOORS));
    lock.lock();
    try {
      Optional<ProcessSupervisor> here = pool.find(session);
      if (here.isPresent() && here.get().isBusy()) {
        return here.get().post().paths().session();
      }
      SessionState state = processSupervisorFactory.read(session);
      if (here.isPresent() && !processSupervisorFactory.isUpToDate(state)) {
        pool.shutdownGracefully(here.get()); // Files were put back that it has seen otherwise.
      }
      return processSupervisorFactory.upToDate(state);
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
    return processSupervisorFactory.grounds().ownerScripts();
  }

  @Override
  public void onFilesTouched(SessionId session) throws IOException {
    processSupervisorFactory.grounds().onFilesTouched(session);
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
  Optional<CompletableFuture<Void>> supervise(SessionId session) throws IOException {
    ReentrantLock lock = doors.get(Math.floorMod(session.hashCode(), DOORS));
    lock.lock();
    try {
      SessionState state = processSupervisorFactory.read(session);
      if (state.pendingRequests().sideRequests().isEmpty()) {
        return Optional.empty();
      }
      Optional<ProcessSupervisor> here = pool.find(session);
      here.ifPresent(ProcessSupervisor::refreshState);
      return here.isPresent() || state.isUnderWay()
          ? here.map(ProcessSupervisor::gone)
          : startForSideRequest(state);
    } finally {
      lock.unlock();
    }
  }

  /** Runs have the room first: what they leave is for what is asked aside. */
  private Optional<CompletableFuture<Void>> startForSideRequest(SessionState state)
      throws IOException {
    if (pool.isFull()) {
      return Optional.empty();
    }
    LaunchPlan launchPlan = processSupervisorFactory.outfit(state, state.setup().options());
    return Optional.of(start(state, launchPlan).gone());
  }

  /**
   * Removes what is here of a session that is no more. Its run is interrupted and has a minute to
   * end; then its process is ended with all it does. May block.
   */
  void clear(SessionId session) {
    clear(session, ENDINGS_MAX);
  }

  private void clear(SessionId session, int endings) {
    ReentrantLock lock = doors.get(Math.floorMod(session.hashCode(), DOORS));
    lock.lock();
    try {
      Optional<ProcessSupervisor> here = pool.find(session);
      if (here.filter(ProcessSupervisor::isBusy).isPresent()) {
        if (endings == 0) {
          here.get().terminate();
        }
        LATER.execute(() -> clear(session, Math.max(0, endings - 1)));
        return;
      }
      here.ifPresent(pool::shutdownGracefully);
      processSupervisorFactory.grounds().tree().delete(session.value());
    } catch (IOException stays) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(stays)
          .log("files of a session that is no more could not be removed");
    } finally {
      lock.unlock();
    }
  }

  /** Whether the session has a process here. */
  boolean isSupervised(SessionId session) {
    return pool.find(session).isPresent();
  }
}
