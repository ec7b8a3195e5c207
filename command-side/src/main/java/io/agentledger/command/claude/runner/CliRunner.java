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

  private final ProcessSupervisorFactory workshop;
  private final ProcessPool pool;
  private final SessionLeases leases;

  /** Sessions share them, so that they do not grow with the sessions that ever were. */
  private final List<ReentrantLock> doors =
      Stream.generate(ReentrantLock::new).limit(DOORS).toList();

  CliRunner(ProcessSupervisorFactory workshop, ProcessPool pool, SessionLeases leases) {
    this.workshop = workshop;
    this.pool = pool;
    this.leases = leases;
  }

  @Override
  public void carryOut(Assignment assignment) throws InterruptedException {
    for (int beginning = 1; ; beginning++) {
      Optional<CompletableFuture<Void>> end = begin(assignment);
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

  private Optional<CompletableFuture<Void>> begin(Assignment assignment)
      throws InterruptedException {
    ReentrantLock door = doors.get(Math.floorMod(assignment.session().hashCode(), DOORS));
    door.lockInterruptibly();
    try {
      Optional<RunAttempt> here =
          pool.of(assignment.session()).flatMap(one -> one.at(assignment.run()));
      return here.isPresent() && !isOver(assignment, here.get())
          ? here.map(RunAttempt::over)
          : beginHere(assignment);
    } catch (DirectoryRefusedException refused) {
      refuse(assignment, refused);
      return Optional.empty();
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    } finally {
      door.unlock();
    }
  }

  /** A folder that the session should see is not to be had: its run fails, and says which. */
  private void refuse(Assignment of, DirectoryRefusedException why) {
    pool.of(of.session()).ifPresent(pool::retire);
    long epoch = leases.take(of.session());
    workshop.fail(of, epoch, String.valueOf(why.getMessage()));
    leases.release(of.session(), epoch);
  }

  /**
   * Who retries may come when the end of an attempt is on the record, and its attendant has still
   * to take that in: it must not wait for that end, which is not its own.
   */
  private boolean isOver(Assignment assignment, RunAttempt attempt) {
    return workshop
        .read(assignment.session())
        .run(assignment.run())
        .filter(run -> run.isUnderWay() || run.attempt() < attempt.number())
        .isEmpty();
  }

  private Optional<CompletableFuture<Void>> beginHere(Assignment assignment) throws IOException {
    Optional<ProcessSupervisor> kept = pool.of(assignment.session());
    SessionState record = workshop.read(assignment.session());
    Optional<RunState> run = record.run(assignment.run());
    if (run.isEmpty()) {
      return Optional.empty(); // Its end is on the record.
    }
    if (isLeftHere(record, run.get())) {
      return Optional.of(takeOver(record, run.get()));
    }
    LaunchPlan outfit = workshop.outfit(record, run.get().options());
    if (kept.isPresent() && !fits(kept.get(), outfit, record)) {
      pool.retire(kept.get());
      return beginHere(assignment); // What it left behind at its end is on the record by now.
    }
    ProcessSupervisor attendant = kept.isPresent() ? kept.get() : start(record, outfit);
    int number = run.get().attempt() + 1;
    RunAttempt attempt =
        new RunAttempt(
            assignment.run(),
            run.get().cause(),
            number,
            run.get().options(),
            assignment.provenance(),
            LaunchSpecFactory.prompt(record, run.get(), number, workshop.remembers(record)),
            new CompletableFuture<>());
    attendant.take(attempt);
    return Optional.of(attempt.over());
  }

  private boolean isLeftHere(SessionState record, RunState run) throws IOException {
    return run.isUnderWay()
        && run.machinery().filter(m -> m.node().equals(workshop.node())).isPresent()
        && workshop.grounds().has(record.session(), run.machinery().orElseThrow().processId());
  }

  /** Goes on with a run whose process an earlier life of this node started. */
  CompletableFuture<Void> takeOver(SessionState record, RunState run) throws IOException {
    long epoch = leases.take(record.session());
    ProcessSupervisor attendant = workshop.takeOver(record, run, epoch);
    RunAttempt attempt =
        new RunAttempt(
            run.id(),
            run.cause(),
            run.attempt(),
            run.options(),
            run.provenance(),
            LaunchSpecFactory.prompt(record, run, run.attempt(), workshop.remembers(record)),
            new CompletableFuture<>());
    Instant startedAt = run.startedAt();
    attendant.adopt(new RunAttempt.AttemptState(attempt, startedAt, run.isInitialized()));
    pool.add(attendant);
    attendant.start(
        record.end(run.machinery().orElseThrow().processId(), SourcePosition.Source.JOURNAL));
    return attempt.over();
  }

  private boolean fits(ProcessSupervisor kept, LaunchPlan wanted, SessionState record)
      throws IOException {
    String hash = wanted.in(workshop.grounds().of(record)).whole().hash();
    return kept.post().machinery().launchHash().equals(hash);
  }

  private ProcessSupervisor start(SessionState record, LaunchPlan outfit) throws IOException {
    ProcessSupervisor fresh = workshop.start(record, outfit, leases.take(record.session()));
    pool.add(fresh);
    return fresh;
  }

  @Override
  public SessionPaths of(SessionId session) throws IOException {
    ReentrantLock door = doors.get(Math.floorMod(session.hashCode(), DOORS));
    door.lock();
    try {
      Optional<ProcessSupervisor> here = pool.of(session);
      if (here.isPresent() && here.get().isBusy()) {
        return here.get().post().paths().session();
      }
      SessionState record = workshop.read(session);
      if (here.isPresent() && !workshop.isUpToDate(record)) {
        pool.retire(here.get()); // Files were put back that it has seen otherwise.
      }
      return workshop.upToDate(record);
    } finally {
      door.unlock();
    }
  }

  @Override
  public Limits limits(SessionId session) {
    return workshop.limits(session);
  }

  @Override
  public OwnerScriptRunner hand() {
    return workshop.grounds().hand();
  }

  @Override
  public void touched(SessionId session) throws IOException {
    workshop.grounds().touched(session);
  }

  /** Wakes whoever attends the session: somebody put facts on its record. */
  void heard(SessionId session) {
    pool.of(session).ifPresent(ProcessSupervisor::lookAtRecord);
  }

  /**
   * Sees to it that a process answers what is asked aside: the one that is here, or that is about
   * to go on with a run, or a new one. Where another node has it, that one does.
   *
   * @return the end of the process that was told; empty where nobody waits, or none can be had
   */
  Optional<CompletableFuture<Void>> attend(SessionId session) throws IOException {
    ReentrantLock door = doors.get(Math.floorMod(session.hashCode(), DOORS));
    door.lock();
    try {
      SessionState record = workshop.read(session);
      if (record.wishes().asides().isEmpty()) {
        return Optional.empty();
      }
      Optional<ProcessSupervisor> here = pool.of(session);
      here.ifPresent(ProcessSupervisor::lookAtRecord);
      return here.isPresent() || record.isUnderWay()
          ? here.map(ProcessSupervisor::gone)
          : startAside(record);
    } finally {
      door.unlock();
    }
  }

  /** Runs have the room first: what they leave is for what is asked aside. */
  private Optional<CompletableFuture<Void>> startAside(SessionState record) throws IOException {
    if (pool.isFull()) {
      return Optional.empty();
    }
    LaunchPlan outfit = workshop.outfit(record, record.beginning().options());
    return Optional.of(start(record, outfit).gone());
  }

  /**
   * Removes what is here of a session that is no more. Its run is interrupted and has a minute to
   * end; then its process is ended with all it does. May block.
   */
  void clear(SessionId session) {
    clear(session, ENDINGS_MAX);
  }

  private void clear(SessionId session, int endings) {
    ReentrantLock door = doors.get(Math.floorMod(session.hashCode(), DOORS));
    door.lock();
    try {
      Optional<ProcessSupervisor> here = pool.of(session);
      if (here.filter(ProcessSupervisor::isBusy).isPresent()) {
        if (endings == 0) {
          here.get().dismiss();
        }
        LATER.execute(() -> clear(session, Math.max(0, endings - 1)));
        return;
      }
      here.ifPresent(pool::retire);
      workshop.grounds().tree().delete(session.value());
    } catch (IOException stays) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .setCause(stays)
          .log("files of a session that is no more could not be removed");
    } finally {
      door.unlock();
    }
  }

  /** Whether the session has a process here. */
  boolean attends(SessionId session) {
    return pool.of(session).isPresent();
  }
}
