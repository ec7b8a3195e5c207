package io.agentledger.command.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.snapshot.SnapshotReader;
import io.agentledger.command.workspace.ManifestDiff.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/** History of files, from the checkpoints in the event store and the content store. */
final class CheckpointFileHistory implements FileHistory {
  private final EventStore store;
  private final SnapshotReader snapshotReader;
  private final BoundFolderStates boundFolders;
  private final CheckpointAwaiter checkpointAwaiter;
  private final Executor readers;

  /** The number of threads limits concurrent comparisons. */
  CheckpointFileHistory(
      SnapshotReader snapshotReader,
      BoundFolderStates boundFolders,
      CheckpointAwaiter checkpointAwaiter) {
    this.store = checkpointAwaiter.store();
    this.snapshotReader = snapshotReader;
    this.boundFolders = boundFolders;
    this.checkpointAwaiter = checkpointAwaiter;
    this.readers = checkpointAwaiter.readers();
  }

  @Override
  public CompletionStage<FileChanges> diff(SessionId session, CheckpointId from, CheckpointId to) {
    return runAsync(
        () -> {
          var checkpoints = checkpointsOf(session);
          return diff(
              session, Optional.of(workspaceOf(checkpoints, from)), workspaceOf(checkpoints, to));
        });
  }

  @Override
  public CompletionStage<FileChanges> previewRewind(SessionId session, CheckpointId to) {
    return runAsync(
        () -> {
          var checkpoints = checkpointsOf(session);
          return isBound(session)
              ? new ManifestDiff(
                      boundFolders.currentState(session),
                      readState(session, workspaceOf(checkpoints, to)).withoutGit())
                  .changes()
              : diff(session, lastWorkspace(checkpoints), workspaceOf(checkpoints, to));
        });
  }

  @Override
  public CompletionStage<Void> applyPendingRewind(SessionId session) {
    return runAsync(
            () -> {
              if (isBound(session)) boundFolders.applyPendingRewind(session);
              return session;
            })
        .thenAccept(settled -> {});
  }

  private boolean isBound(SessionId session) {
    return store.readEvents(session.value(), 0).next().getPayload() instanceof SessionOpened opened
        && opened.workspace() instanceof Workspace.InPlace;
  }

  @Override
  public CompletionStage<FileChanges> diffOfRun(SessionId session, RunId run) {
    return checkpointAwaiter
        .awaitCheckpoint(session)
        .thenCompose(ignored -> runAsync(() -> changesOf(session, run)));
  }

  private FileChanges changesOf(SessionId session, RunId run) throws IOException {
    var checkpoints = checkpointsOf(session);
    var after = checkpoints.stream().filter(event -> isTakenAfter(event, run)).toList();
    if (after.isEmpty()) throw new RejectionException(new NotFound("checkpoint", run.value()));
    var before = checkpoints.subList(0, checkpoints.indexOf(after.getFirst()));
    return diff(session, lastWorkspace(before), workspace(after.getLast()));
  }

  @Override
  public CompletionStage<BranchPoint> findBranchPoint(
      SessionId session, @Nullable CheckpointId checkpointId) {
    return checkpointId == null
        ? checkpointAwaiter
            .awaitCheckpoint(session)
            .thenCompose(ignored -> runAsync(() -> findPoint(session, null)))
        : runAsync(() -> findPoint(session, checkpointId));
  }

  private BranchPoint findPoint(SessionId session, @Nullable CheckpointId checkpointId) {
    return store
        .readEvents(session.value(), 0)
        .asStream()
        .filter(message -> isCheckpoint(message.getPayload(), checkpointId))
        .reduce((earlier, later) -> later)
        .map(CheckpointFileHistory::toBranchPoint)
        .orElseThrow(
            () ->
                new RejectionException(
                    new NotFound(
                        "checkpoint",
                        checkpointId == null ? session.value() : checkpointId.value())));
  }

  private static boolean isCheckpoint(Object event, @Nullable CheckpointId checkpointId) {
    return event instanceof CheckpointTaken taken
        && (checkpointId == null || checkpointId.equals(taken.checkpointId()));
  }

  private static BranchPoint toBranchPoint(DomainEventMessage<?> message) {
    var checkpointContent = ((CheckpointTaken) message.getPayload()).content();
    if (checkpointContent.workspace().isEmpty())
      throw new RejectionException(WorkspaceRefused.incompleteCheckpoint());
    return new BranchPoint(
        message.getSequenceNumber() + 1, checkpointContent.files(), checkpointContent.bytes());
  }

  private static boolean isTakenAfter(CheckpointEvent event, RunId run) {
    return event instanceof CheckpointTaken taken && taken.moment().equals(new Moment.After(run));
  }

  private List<CheckpointEvent> checkpointsOf(SessionId session) {
    return store
        .readEvents(session.value(), 0)
        .asStream()
        .map(message -> message.getPayload())
        .filter(CheckpointEvent.class::isInstance)
        .map(CheckpointEvent.class::cast)
        .toList();
  }

  private static Optional<String> lastWorkspace(List<CheckpointEvent> checkpoints) {
    return checkpoints.isEmpty() ? Optional.empty() : Optional.of(workspace(checkpoints.getLast()));
  }

  private static String workspaceOf(List<CheckpointEvent> checkpoints, CheckpointId id) {
    return checkpoints.stream()
        .filter(event -> event.checkpointId().equals(id))
        .findFirst()
        .map(CheckpointFileHistory::workspace)
        .orElseThrow(() -> new RejectionException(new NotFound("checkpoint", id.value())));
  }

  private static String workspace(CheckpointEvent event) {
    return switch (event) {
      case CheckpointTaken taken -> taken.content().workspace();
      case FilesRewound rewound -> rewound.workspace();
    };
  }

  private FileChanges diff(SessionId session, Optional<String> from, String to) throws IOException {
    var before = from.map(name -> readState(session, name)).orElse(State.EMPTY);
    return new ManifestDiff(before, readState(session, to)).changes();
  }

  private State readState(SessionId session, String name) {
    if (name.isEmpty()) throw new RejectionException(WorkspaceRefused.incompleteCheckpoint());
    return State.readState(snapshotReader, session, name);
  }

  /** Blocking operation on the file history. */
  private interface HistoryOperation<T> {
    T run() throws IOException;
  }

  private <T> CompletionStage<T> runAsync(HistoryOperation<T> historyOperation) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return historyOperation.run();
          } catch (DirectoryRefusedException e) {
            throw LocalWorkspaceFiles.rejection(e);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        readers);
  }
}
