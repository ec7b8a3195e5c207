package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.command.claude.snapshot.Manifest;
import io.agentledger.command.claude.snapshot.SnapshotReader;
import io.agentledger.command.claude.snapshot.SnapshotReader.FileWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/** Files of a session as its newest checkpoint, or rewind, holds them. Blocks. */
public final class CheckpointFiles {
  /** Longer than a checkpoint is awaited, unless the threads for that are occupied. */
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);

  private final EventStore store;
  private final SnapshotReader snapshotReader;
  private final CheckpointAwaiter checkpointAwaiter;

  CheckpointFiles(SnapshotReader snapshotReader, CheckpointAwaiter checkpointAwaiter) {
    this.store = checkpointAwaiter.store();
    this.snapshotReader = snapshotReader;
    this.checkpointAwaiter = checkpointAwaiter;
  }

  /**
   * A checkpoint.
   *
   * @param manifest without directories of git
   * @param files writer of the files' content, for one thread at a time
   * @param isCurrent false if a run has ended since, whose files could not be stored
   * @param clonedCommit commit that the workspace was cloned from at the opening; null if it was
   *     not
   */
  public record CheckpointTree(
      Manifest manifest,
      FileWriter files,
      Instant takenAt,
      boolean isCurrent,
      @Nullable String clonedCommit) {}

  /**
   * Returns the newest checkpoint; empty if there is none, or if it exceeded the limits. After the
   * end of a run, its checkpoint is awaited.
   */
  public Optional<CheckpointTree> findNewest(SessionId session) {
    checkpointAwaiter
        .awaitCheckpoint(session)
        .toCompletableFuture()
        .copy()
        .orTimeout(WAIT_MAX.toSeconds(), TimeUnit.SECONDS)
        .join();
    String commit = null;
    String name = "";
    boolean isCurrent = false;
    var takenAt = Instant.EPOCH;
    var events = store.readEvents(session.value(), 0);
    while (events.hasNext()) {
      var message = events.next();
      switch (message.getPayload()) {
        case SessionOpened opened -> commit = commit(opened);
        case RunCompleted _, RunFailed _, RunInterrupted _, RunPaused _ -> isCurrent = false;
        case CheckpointEvent event -> {
          name = CheckpointFileHistory.workspace(event);
          takenAt = message.getTimestamp();
          isCurrent = true;
        }
        default -> {}
      }
    }
    if (name.isEmpty()) return Optional.empty();
    var manifest = snapshotReader.load(session, name).withoutGit();
    return Optional.of(
        new CheckpointTree(
            manifest, snapshotReader.fileWriterFor(session, manifest), takenAt, isCurrent, commit));
  }

  private static @Nullable String commit(SessionOpened opened) {
    return opened.workspace() instanceof Workspace.Git git ? git.commit() : null;
  }
}
