package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.SessionPathsResolver;
import io.agentledger.command.claude.files.StagingDirectory;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Removes what interrupted uploads have left on this node: staged files, and the directories of
 * sessions that were never opened. What is older than the start of the service belongs to no upload
 * and is removed at the start; the rest after an hour without a change. A scan reads two
 * directories of each session, and queries each session once.
 */
final class UploadLeftoverCleaner implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(UploadLeftoverCleaner.class);
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  /** Minimum age of files that an upload of this service may still use. */
  private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

  private final CliRunner runner;
  private final SessionPathsResolver sessionPathsResolver;
  private final EventStore store;
  private final Clock clock;
  private final Instant startedAt;

  /** Sessions on this node that are known to be opened. */
  private final Set<SessionId> opened = new HashSet<>();

  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("upload-leftovers").daemon().factory());

  private volatile boolean running;

  UploadLeftoverCleaner(
      CliRunner runner, SessionPathsResolver sessionPathsResolver, EventStore store, Clock clock) {
    this.runner = runner;
    this.sessionPathsResolver = sessionPathsResolver;
    this.store = store;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  @Override
  public void start() {
    running = true;
    scheduler.scheduleWithFixedDelay(
        this::sweepSafely, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void sweepSafely() {
    try {
      sweep();
    } catch (IOException | RuntimeException fault) {
      log.atWarn().setCause(fault).log("could not scan for leftovers of uploads");
    }
  }

  /** Checks all sessions with files on this node, one after the other. */
  synchronized void sweep() throws IOException {
    Map<SessionId, Path> workspaces = sessionPathsResolver.workspaces();
    opened.retainAll(workspaces.keySet());
    for (Map.Entry<SessionId, Path> entry : workspaces.entrySet()) {
      Path base = entry.getValue().resolveSibling(".").normalize();
      try {
        sweep(entry.getKey(), new SessionPaths(base, OptionalInt.empty()));
      } catch (IOException stays) {
        log.atWarn()
            .addKeyValue("sessionId", entry.getKey())
            .setCause(stays)
            .log("could not remove the leftovers of an upload");
      }
    }
  }

  private void sweep(SessionId session, SessionPaths paths) throws IOException {
    if (isOpened(session)) {
      for (Path staged : children(staging(paths))) {
        if (isLeftover(staged)) {
          TreeDeleter.deleteTree(staged);
        }
      }
    } else if (isAbandoned(paths)) {
      deleteUnopened(session);
    }
  }

  private boolean isOpened(SessionId session) {
    boolean isOpened =
        opened.contains(session) || store.lastSequenceNumberFor(session.value()).isPresent();
    if (isOpened) {
      opened.add(session);
    }
    return isOpened;
  }

  /** Returns whether no upload and no prewarmed process uses the directory. */
  private boolean isAbandoned(SessionPaths paths) throws IOException {
    if (!children(paths.runs()).isEmpty() || !isLeftover(paths.base())) {
      return false;
    }
    for (Path staged : children(staging(paths))) {
      if (!isLeftover(staged)) {
        return false;
      }
    }
    return isLeftover(staging(paths)) && isLeftover(paths.workspace());
  }

  private void deleteUnopened(SessionId session) throws IOException {
    ReentrantLock lock = runner.lockOf(session);
    lock.lock();
    try {
      sessionPathsResolver.runDirectory().delete(session.value());
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the path was last changed by an upload that has ended, or does not exist. */
  private boolean isLeftover(Path path) throws IOException {
    try {
      Instant changed = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
      return changed.isBefore(startedAt) || changed.isBefore(clock.instant().minus(IDLE_TIMEOUT));
    } catch (NoSuchFileException absent) {
      return true;
    }
  }

  private static Path staging(SessionPaths paths) {
    return StagingDirectory.in(paths.base()).path();
  }

  private static List<Path> children(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.toList();
    } catch (NoSuchFileException | NotDirectoryException absent) {
      return List.of();
    }
  }

  @Override
  public void stop() {
    running = false;
    scheduler.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
