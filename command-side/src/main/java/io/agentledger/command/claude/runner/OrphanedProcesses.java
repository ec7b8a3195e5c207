package io.agentledger.command.claude.runner;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.run.LaunchSpecFactory;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.RunAttempt;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over processes of this node that have no supervisor, or ends them and records the rest of
 * their output. The caller holds the session's lock.
 */
final class OrphanedProcesses {
  private static final Logger log = LoggerFactory.getLogger(OrphanedProcesses.class);
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** Maximum time to wait for the rest of a journal. */
  private static final Duration REST_TIMEOUT = Duration.ofSeconds(30);

  private final ProcessSupervisorFactory processSupervisorFactory;
  private final ProcessPool<ProcessSupervisor> pool;
  private final SessionLeases leases;

  OrphanedProcesses(
      ProcessSupervisorFactory processSupervisorFactory,
      ProcessPool<ProcessSupervisor> pool,
      SessionLeases leases) {
    this.processSupervisorFactory = processSupervisorFactory;
    this.pool = pool;
    this.leases = leases;
  }

  /**
   * Continues a run at its process; if that has ended, records the rest of its output and fails the
   * attempt.
   *
   * @return the end of the attempt
   */
  CompletableFuture<Void> takeOver(SessionState state, RunState run) throws IOException {
    long epoch = leases.acquire(state.session());
    ProcessSupervisor supervisor = processSupervisorFactory.takeOver(state, run, epoch);
    RunAttempt attempt =
        LaunchSpecFactory.createAttempt(
            state,
            run,
            run.attempt(),
            run.provenance(),
            processSupervisorFactory.hasConversation(
                state, supervisor.context().paths().sessionPaths()));
    Instant startedAt = run.startedAt();
    supervisor.adopt(new RunAttempt.AttemptState(attempt, startedAt, run.isInitialized()));
    pool.add(supervisor);
    supervisor.start(
        state.endOffset(run.execution().orElseThrow().processId(), SourcePosition.Source.JOURNAL));
    return attempt.completion();
  }

  boolean isSupervised(SessionId session, ProcessId process) {
    return pool.find(session)
        .filter(supervisor -> supervisor.context().id().equals(process))
        .isPresent();
  }

  /**
   * Ends all processes of a session without a supervisor and records the rest of their output.
   *
   * @param kept process of a run that is about to be continued
   * @return whether the session may have changed
   * @throws IOException if a process does not end
   */
  boolean endOthers(SessionId session, Optional<ProcessId> kept) throws IOException {
    boolean changed = false;
    for (Path directory : processSupervisorFactory.pathsResolver().processes(session)) {
      ProcessId process = new ProcessId(directory.getFileName().toString());
      if (!kept.equals(Optional.of(process))) {
        changed |= end(processSupervisorFactory.readState(session), directory);
        recordRestIfPossible(session, process);
        changed |= !Files.exists(directory);
      }
    }
    return changed;
  }

  /** Records the rest of a journal; if that fails, the next start of the service tries again. */
  private void recordRestIfPossible(SessionId session, ProcessId process) {
    try {
      recordRest(processSupervisorFactory.readState(session), process);
    } catch (IOException | RuntimeException unrecorded) {
      log.atWarn()
          .addKeyValue("sessionId", session)
          .addKeyValue("processId", process)
          .setCause(unrecorded)
          .log("could not record the rest of a process's output");
    }
  }

  /**
   * Ends the process.
   *
   * @return false if it has ended before
   * @throws IOException if it does not end
   */
  boolean end(SessionState state, Path directory) throws IOException {
    ClaudeProcess orphan = ClaudeProcess.openReadOnly(directory);
    if (!orphan.isAlive()) {
      return false;
    }
    ProcessId process = new ProcessId(directory.getFileName().toString());
    orphan.shutdownGracefully(GRACE, state.pendingRequests().hasStartedTask(process));
    if (orphan.isAlive()) {
      throw new IOException("the process " + process + " of " + state.session() + " does not end");
    }
    log.atInfo()
        .addKeyValue("sessionId", state.session())
        .addKeyValue("processId", process)
        .log("a process without a supervisor is ended");
    return true;
  }

  /**
   * Records the output that an ended process wrote after the recorded offset and fails its run, if
   * one is in progress. Then deletes its files.
   */
  void recordRest(SessionState state, ProcessId process) throws IOException {
    List<RunState> runs = state.runsUnderWayAt(process);
    if (runs.isEmpty()) {
      takeOverEnded(state, process);
    } else {
      takeOver(state, runs.getLast());
    }
    pool.find(state.session())
        .ifPresent(
            supervisor ->
                supervisor
                    .termination()
                    .copy()
                    .completeOnTimeout(null, REST_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .join());
  }

  private void takeOverEnded(SessionState state, ProcessId process) throws IOException {
    long epoch = leases.acquire(state.session());
    ProcessSupervisor supervisor = processSupervisorFactory.takeOverEnded(state, process, epoch);
    pool.add(supervisor);
    supervisor.start(state.endOffset(process, SourcePosition.Source.JOURNAL));
  }
}
