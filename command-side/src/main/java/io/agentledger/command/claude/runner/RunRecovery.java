package io.agentledger.command.claude.runner;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.PrewarmedMark;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovers the processes of the previous instance of this node: continues those with a run in
 * progress, ends the others, and removes journals, control groups, sockets and uids that are not
 * needed any more.
 */
final class RunRecovery {
  private static final Logger log = LoggerFactory.getLogger(RunRecovery.class);

  private final RunDirectory runDirectory;
  private final ResourceLimiter resourceLimiter;
  private final ProcessSupervisorFactory processSupervisorFactory;
  private final CliRunner runner;
  private final OrphanedProcesses orphanedProcesses;

  RunRecovery(
      RunDirectory runDirectory,
      ResourceLimiter resourceLimiter,
      ProcessSupervisorFactory processSupervisorFactory,
      CliRunner runner,
      OrphanedProcesses orphanedProcesses) {
    this.runDirectory = runDirectory;
    this.resourceLimiter = resourceLimiter;
    this.processSupervisorFactory = processSupervisorFactory;
    this.runner = runner;
    this.orphanedProcesses = orphanedProcesses;
  }

  /** Recovers all processes. Called before the first run is executed. */
  void recover() throws IOException {
    runDirectory.releaseUnusedUids();
    for (Path session : children(runDirectory.sessions())) {
      try {
        recoverAll(session.getFileName().toString(), children(session.resolve("run")));
      } catch (IOException | RuntimeException fault) {
        log.atError()
            .addKeyValue("sessionId", session.getFileName())
            .setCause(fault)
            .log("could not recover the processes of a session");
      }
      deleteSockets(session);
    }
  }

  /** Ends all processes of the session but the one that continues, and then takes that one over. */
  private void recoverAll(String name, List<Path> processes) {
    if (processes.isEmpty()) {
      return;
    }
    SessionId session = new SessionId(name);
    ReentrantLock lock = runner.lockOf(session);
    lock.lock();
    try {
      Optional<String> last =
          processSupervisorFactory
              .readState(session)
              .lastExecution()
              .map(execution -> execution.processId().value());
      processes.stream()
          .sorted(Comparator.comparing(process -> last.filter(process::endsWith).isPresent()))
          .forEach(
              process -> recover(session, process, last.filter(process::endsWith).isPresent()));
    } finally {
      lock.unlock();
    }
  }

  private void recover(SessionId session, Path process, boolean isLast) {
    try {
      recoverProcess(session, process, isLast);
    } catch (IOException | RuntimeException fault) {
      log.atError()
          .addKeyValue("sessionId", session)
          .addKeyValue("processId", process.getFileName())
          .setCause(fault)
          .log("could not recover a process");
    }
  }

  /**
   * Deletes the sockets of a session without a process; the directories of MCP servers have none.
   */
  private void deleteSockets(Path session) {
    String name = session.getFileName().toString();
    if (!name.startsWith(SessionId.PREFIX) || isSupervised(new SessionId(name))) {
      return;
    }
    try {
      SessionPaths.deleteSockets(session);
    } catch (IOException stays) {
      log.atWarn()
          .addKeyValue("sessionId", name)
          .setCause(stays)
          .log("could not delete the sockets of an ended process");
    }
  }

  private void recoverProcess(SessionId session, Path directory, boolean isLast)
      throws IOException {
    if (new PrewarmedMark(directory).exists()) {
      endPrewarmed(session, directory);
      return;
    }
    if (!Files.exists(directory.resolve("keeper"))) {
      TreeDeleter.deleteTree(directory);
      return;
    }
    ProcessId process = new ProcessId(directory.getFileName().toString());
    if (orphanedProcesses.isSupervised(session, process)) {
      return; // A side request has started it meanwhile.
    }
    SessionState state = processSupervisorFactory.readState(session);
    List<RunState> runs = state.runsUnderWayAt(process);
    if (isLast && !runs.isEmpty() && !isSupervised(session)) {
      orphanedProcesses.takeOver(state, runs.getLast());
      log.atInfo()
          .addKeyValue("sessionId", session)
          .addKeyValue("runId", runs.getLast().id())
          .log("continuing a run");
      return;
    }
    orphanedProcesses.end(state, directory);
    if (state.isOpened()) {
      orphanedProcesses.recordRest(state, process);
      return;
    }
    resourceLimiter.release(process.value());
    TreeDeleter.deleteTree(directory);
  }

  /** Ends a process that no session has taken, and deletes the files of one that was not opened. */
  private void endPrewarmed(SessionId session, Path directory) throws IOException {
    if (Files.exists(directory.resolve("keeper"))) {
      ClaudeProcess.openReadOnly(directory).terminate(Duration.ZERO);
    }
    resourceLimiter.release(directory.getFileName().toString());
    TreeDeleter.deleteTree(directory);
    if (!processSupervisorFactory.readState(session).isOpened()) {
      runDirectory.delete(session.value());
    }
  }

  private boolean isSupervised(SessionId session) {
    return runner.isSupervised(session);
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(Files::isDirectory).toList();
    }
  }
}
