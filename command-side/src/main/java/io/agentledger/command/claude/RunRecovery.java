package io.agentledger.command.claude;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.box.RunTree;
import io.agentledger.command.claude.box.TreeRemoval;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.record.RunOnRecord;
import io.agentledger.command.claude.record.SessionRecord;
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

  private final RunTree tree;
  private final Workshop workshop;
  private final CliRunner runner;

  RunRecovery(RunTree tree, Workshop workshop, CliRunner runner) {
    this.tree = tree;
    this.workshop = workshop;
    this.runner = runner;
  }

  /** Before the first run of this life is carried out. */
  void recover() throws IOException {
    for (Path session : children(tree.sessions())) {
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
      TreeRemoval.remove(directory);
      return;
    }
    ProcessId process = new ProcessId(directory.getFileName().toString());
    SessionRecord record = workshop.read(new SessionId(session));
    List<RunOnRecord> runs = record.underWayAt(process);
    if (!runs.isEmpty() && !isAttended(record.session())) {
      runner.takeOver(record, runs.getLast());
      log.atInfo()
          .addKeyValue("sessionId", session)
          .addKeyValue("runId", runs.getLast().id())
          .log("a run is taken up again");
      return;
    }
    ClaudeProcess nobodys = ClaudeProcess.remains(directory);
    if (nobodys.isAlive()) {
      nobodys.retire(GRACE);
      log.atInfo().addKeyValue("sessionId", session).log("an idle process is ended");
    }
    TreeRemoval.remove(directory);
  }

  private boolean isAttended(SessionId session) {
    return runner.attends(session);
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
