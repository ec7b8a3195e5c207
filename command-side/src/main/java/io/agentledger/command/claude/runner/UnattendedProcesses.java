package io.agentledger.command.claude.runner;

import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.store.HomeOpenedListener;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the processes of the previous instance of this node alive from the beginning of a start
 * until each of them is taken over or ended. It needs no database, so it works before the slow
 * parts of the start.
 */
final class UnattendedProcesses implements HomeOpenedListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UnattendedProcesses.class);
  private static final long INTERVAL_SECONDS = 5;

  private final ScheduledThreadPoolExecutor heartbeats =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("claude-first-heartbeat").factory());

  @Override
  public void onHomeOpened(NodeHome home) {
    keepAlive(home.root());
    ScheduledFuture<?> schedule =
        heartbeats.scheduleWithFixedDelay(
            () -> keepAlive(home.root()), INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    log.atDebug()
        .addKeyValue("beating", !schedule.isDone())
        .log("keeping processes of the previous instance alive");
  }

  private static void keepAlive(Path home) {
    try {
      Path sessions = RunDirectory.locateSessions(home);
      if (!Files.isDirectory(sessions)) {
        return;
      }
      try (DirectoryStream<Path> all = Files.newDirectoryStream(sessions)) {
        for (Path session : all) {
          keepAliveAll(session.resolve("run"));
        }
      }
    } catch (IOException | RuntimeException unreadable) {
      log.atWarn()
          .setCause(unreadable)
          .log("could not keep processes of the previous instance alive");
    }
  }

  private static void keepAliveAll(Path processes) throws IOException {
    if (!Files.isDirectory(processes)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(processes)) {
      for (Path process : all) {
        try {
          ClaudeProcess.keepAlive(process, SessionLeases.UNATTENDED_MAX);
        } catch (NoSuchFileException gone) {
          // It is being deleted, or was started by a version that recorded no leases.
        }
      }
    }
  }

  /** Stops the heartbeats, after each process was taken over or has ended. */
  @Override
  public void close() {
    heartbeats.shutdownNow();
  }
}
