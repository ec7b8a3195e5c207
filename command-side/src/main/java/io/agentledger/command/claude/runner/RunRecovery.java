package io.agentledger.command.claude.runner;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final RunDirectory runDirectory;
  private final ResourceLimiter resourceLimiter;
  private final ProcessSupervisorFactory processSupervisorFactory;
  private final CliRunner runner;

  RunRecovery(
      RunDirectory runDirectory,
      ResourceLimiter resourceLimiter,
      ProcessSupervisorFactory processSupervisorFactory,
      CliRunner runner) {
    this.runDirectory = runDirectory;
    this.resourceLimiter = resourceLimiter;
    this.processSupervisorFactory = processSupervisorFactory;
    this.runner = runner;
  }

  /** Recovers all processes. Called before the first run is executed. */
  void recover() throws IOException {
    runDirectory.releaseUnusedUids();
    for (Path session : children(runDirectory.sessions())) {
      for (Path process : children(session.resolve("run"))) {
        try {
          recover(session.getFileName().toString(), process);
        } catch (IOException | RuntimeException fault) {
          log.atError()
              .addKeyValue("sessionId", session.getFileName())
              .addKeyValue("processId", process.getFileName())
              .setCause(fault)
              .log("could not recover a process");
        }
      }
      deleteSockets(session);
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

  private void recover(String session, Path directory) throws IOException {
    if (!Files.exists(directory.resolve("keeper"))) {
      TreeDeleter.deleteTree(directory);
      return;
    }
    ProcessId process = new ProcessId(directory.getFileName().toString());
    SessionState state = processSupervisorFactory.readState(new SessionId(session));
    List<RunState> runs = state.runsUnderWayAt(process);
    if (!runs.isEmpty() && !isSupervised(state.session())) {
      runner.takeOver(state, runs.getLast());
      log.atInfo()
          .addKeyValue("sessionId", session)
          .addKeyValue("runId", runs.getLast().id())
          .log("continuing a run");
      return;
    }
    ClaudeProcess orphan = ClaudeProcess.openReadOnly(directory);
    if (orphan.isAlive()) {
      orphan.shutdownGracefully(GRACE, state.pendingRequests().hasStartedTask(process));
      log.atInfo().addKeyValue("sessionId", session).log("an idle process is ended");
    }
    if (state.isOpened()) {
      runner.recordRest(state, process);
      return;
    }
    resourceLimiter.release(process.value());
    TreeDeleter.deleteTree(directory);
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
