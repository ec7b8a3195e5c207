package io.agentledger.command.claude.runner;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.sandbox.RunDirectory;
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
 * What a node does with the processes that an earlier life of it left behind: goes on with those
 * that are at a run, ends the others, clears away what is on the record.
 */
final class RunRecovery {
  private static final Logger log = LoggerFactory.getLogger(RunRecovery.class);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final RunDirectory runDirectory;
  private final ProcessSupervisorFactory processSupervisorFactory;
  private final CliRunner runner;

  RunRecovery(
      RunDirectory runDirectory,
      ProcessSupervisorFactory processSupervisorFactory,
      CliRunner runner) {
    this.runDirectory = runDirectory;
    this.processSupervisorFactory = processSupervisorFactory;
    this.runner = runner;
  }

  /** Before the first run of this life is carried out. */
  void recover() throws IOException {
    for (Path session : children(runDirectory.sessions())) {
      for (Path process : children(session.resolve("run"))) {
        try {
          recover(session.getFileName().toString(), process);
        } catch (IOException | RuntimeException fault) {
          log.atError()
              .addKeyValue("sessionId", session.getFileName())
              .addKeyValue("processId", process.getFileName())
              .setCause(fault)
              .log("a process could not be recovered");
        }
      }
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
          .log("a run is taken up again");
      return;
    }
    ClaudeProcess orphan = ClaudeProcess.openReadOnly(directory);
    if (orphan.isAlive()) {
      orphan.shutdownGracefully(GRACE);
      log.atInfo().addKeyValue("sessionId", session).log("an idle process is ended");
    }
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
