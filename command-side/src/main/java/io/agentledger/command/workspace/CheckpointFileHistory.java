package io.agentledger.command.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointContent;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.snapshot.SnapshotReader;
import io.agentledger.command.claude.snapshot.TreeTooLargeException;
import io.agentledger.command.support.CancellableOperation;
import io.agentledger.command.workspace.ManifestDiff.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/** History of files, from the checkpoints in the event store and the content store. */
final class CheckpointFileHistory implements FileHistory {
  private final EventStore store;
  private final SnapshotReader snapshotReader;
  private final WorkspaceStates workspaceStates;
  private final CheckpointAwaiter checkpointAwaiter;
  private final FileExecutors executors;

  CheckpointFileHistory(
      SnapshotReader snapshotReader,
      WorkspaceStates workspaceStates,
      CheckpointAwaiter checkpointAwaiter) {
    this.store = checkpointAwaiter.store();
    this.snapshotReader = snapshotReader;
    this.workspaceStates = workspaceStates;
    this.checkpointAwaiter = checkpointAwaiter;
    this.executors = checkpointAwaiter.executors();
  }

  @Override
  public CompletionStage<FileChanges> diff(
      SessionId session, @Nullable CheckpointId from, @Nullable CheckpointId to) {
    if (from != null && to != null) return runAsync(session, () -> compare(session, from, to));
    return checkpointAwaiter
        .awaitCheckpoint(session)
        .thenCompose(ignored -> runAsync(session, () -> compare(session, from, to)));
  }

  @Override
  public CompletionStage<FileChanges> diff(SessionId session, long from, long to) {
    return runAsync(session, () -> compare(session, from, to));
  }

  private FileChanges compare(SessionId session, long from, long to) throws IOException {
    var before = stateAt(session, from);
    var after = stateAt(session, to);
    return before.equals(after)
        ? FileChanges.NONE
        : new ManifestDiff(read(session, before), read(session, after)).changes();
  }

  private Optional<String> stateAt(SessionId session, long sequence) {
    return lastCheckpoint(session, sequence)
        .map(last -> workspace((CheckpointEvent) last.getPayload()));
  }

  private Optional<? extends DomainEventMessage<?>> lastCheckpoint(
      SessionId session, long sequence) {
    return checkpointMessages(session).stream()
        .filter(message -> message.getSequenceNumber() < sequence)
        .reduce((earlier, later) -> later);
  }

  private State read(SessionId session, Optional<String> workspace) {
    return workspace.map(name -> readState(session, name)).orElse(State.EMPTY);
  }

  private FileChanges compare(
      SessionId session, @Nullable CheckpointId from, @Nullable CheckpointId to)
      throws IOException {
    var checkpoints = checkpointsOf(session);
    var name =
        from == null ? lastWorkspace(checkpoints) : Optional.of(workspaceOf(checkpoints, from));
    if (to != null) return diff(session, name, workspaceOf(checkpoints, to));
    var before = read(session, name);
    return new ManifestDiff(
            isBound(session) ? before.withoutGit() : before, workspaceStates.currentState(session))
        .changes();
  }

  @Override
  public CompletionStage<Page<FileView>> list(
      SessionId session, long at, List<String> folder, @Nullable String after, int limit) {
    return runAsync(session, () -> workspaceAt(session, at).list(folder, after, limit));
  }

  @Override
  public CompletionStage<OpenFile> open(SessionId session, long at, FilePath path, Path copy) {
    return runAsync(() -> workspaceAt(session, at).open(path, copy), executors.copier(session));
  }

  private PastWorkspace workspaceAt(SessionId session, long sequence) {
    return lastCheckpoint(session, sequence)
        .map(
            last ->
                new PastWorkspace(
                    readState(session, workspace((CheckpointEvent) last.getPayload())),
                    last.getTimestamp()))
        .orElse(new PastWorkspace(State.EMPTY, Instant.EPOCH));
  }

  @Override
  public CompletionStage<FileChanges> previewRewind(SessionId session, CheckpointId to) {
    return checkpointAwaiter
        .awaitCheckpoint(session)
        .thenCompose(ignored -> runAsync(session, () -> changesByRewind(session, to)));
  }

  private FileChanges changesByRewind(SessionId session, CheckpointId to) throws IOException {
    var target = readState(session, workspaceOf(checkpointsOf(session), to));
    return new ManifestDiff(
            workspaceStates.currentState(session), isBound(session) ? target.withoutGit() : target)
        .changes();
  }

  @Override
  public CompletionStage<Rewind> rewind(
      SessionId session, CheckpointId to, RewindRecorder rewindRecorder) {
    var files = workspaceStates.files();
    return checkpointAwaiter
        .awaitCheckpoint(session)
        .thenCompose(
            ignored ->
                runAsync(
                    () ->
                        files.exclusively(
                            session, () -> rewindExclusively(session, to, rewindRecorder)),
                    executors.copier(session)));
  }

  private Rewind rewindExclusively(
      SessionId session, CheckpointId to, RewindRecorder rewindRecorder) throws IOException {
    var files = workspaceStates.files();
    files.endIdleProcess(session); // Its background tasks could still change files.
    takeCheckpoint(session, new Moment.BeforeRewind());
    var undo = checkpointsOf(session).getLast().checkpointId();
    var changes = changesByRewind(session, to);
    long before = store.lastSequenceNumberFor(session.value()).orElseThrow();
    var recordedUndo = rewindRecorder.record(undo).toCompletableFuture().join();
    files.pathsOf(session); // This brings the files to the recorded state.
    boolean repeated =
        store
            .readEvents(session.value(), before + 1)
            .asStream()
            .noneMatch(message -> message.getPayload() instanceof FilesRewound);
    return new Rewind(repeated ? FileChanges.NONE : changes, recordedUndo);
  }

  private void takeCheckpoint(SessionId session, Moment moment) throws IOException {
    try {
      workspaceStates.files().takeCheckpoint(session, moment);
    } catch (TreeTooLargeException e) {
      throw WorkspaceStates.tooLarge(e);
    }
  }

  private boolean isBound(SessionId session) {
    return store.readEvents(session.value(), 0).next().getPayload() instanceof SessionOpened opened
        && opened.workspace() instanceof Workspace.InPlace;
  }

  @Override
  public CompletionStage<FileChanges> diffOfRun(SessionId session, RunId run) {
    return checkpointAwaiter
        .awaitCheckpoint(session)
        .thenCompose(ignored -> runAsync(session, () -> changesOf(session, run)));
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
            .thenCompose(
                ignored -> runAsync(() -> currentPoint(session), executors.copier(session)))
        : runAsync(session, () -> pointOf(session, checkpointId));
  }

  /** Returns the point of the workspace as it is; during a run, that of its recorded state. */
  private BranchPoint currentPoint(SessionId session) throws IOException {
    takeCheckpoint(session, new Moment.BeforeBranch());
    var messages = checkpointMessages(session);
    if (messages.isEmpty())
      throw new RejectionException(new NotFound("checkpoint", session.value()));
    var last = messages.getLast();
    return toBranchPoint(
        last, contentOf(messages, ((CheckpointEvent) last.getPayload()).checkpointId()));
  }

  private BranchPoint pointOf(SessionId session, CheckpointId checkpointId) {
    var messages = checkpointMessages(session);
    return messages.stream()
        .filter(message -> isTaken(message.getPayload(), checkpointId))
        .findFirst()
        .map(message -> toBranchPoint(message, contentOf(messages, checkpointId)))
        .orElseThrow(
            () -> new RejectionException(new NotFound("checkpoint", checkpointId.value())));
  }

  private static boolean isTaken(Object event, CheckpointId checkpointId) {
    return event instanceof CheckpointTaken taken && taken.checkpointId().equals(checkpointId);
  }

  private static CheckpointContent contentOf(
      List<? extends DomainEventMessage<?>> messages, CheckpointId checkpointId) {
    return messages.stream()
        .map(message -> message.getPayload())
        .filter(event -> isTaken(event, checkpointId))
        .map(event -> ((CheckpointTaken) event).content())
        .findFirst()
        .orElseThrow();
  }

  private static BranchPoint toBranchPoint(
      DomainEventMessage<?> message, CheckpointContent checkpointContent) {
    if (checkpointContent.workspace().isEmpty())
      throw new RejectionException(WorkspaceRefused.incompleteCheckpoint());
    return new BranchPoint(
        message.getSequenceNumber() + 1, checkpointContent.files(), checkpointContent.bytes());
  }

  private static boolean isTakenAfter(CheckpointEvent event, RunId run) {
    return event instanceof CheckpointTaken taken && taken.moment().equals(new Moment.After(run));
  }

  private List<CheckpointEvent> checkpointsOf(SessionId session) {
    return checkpointMessages(session).stream()
        .map(message -> (CheckpointEvent) message.getPayload())
        .toList();
  }

  private List<? extends DomainEventMessage<?>> checkpointMessages(SessionId session) {
    return store
        .readEvents(session.value(), 0)
        .asStream()
        .filter(message -> message.getPayload() instanceof CheckpointEvent)
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

  static String workspace(CheckpointEvent event) {
    return switch (event) {
      case CheckpointTaken taken -> taken.content().workspace();
      case FilesRewound rewound -> rewound.workspace();
    };
  }

  private FileChanges diff(SessionId session, Optional<String> from, String to) throws IOException {
    return new ManifestDiff(read(session, from), readState(session, to)).changes();
  }

  private State readState(SessionId session, String name) {
    if (name.isEmpty()) throw new RejectionException(WorkspaceRefused.incompleteCheckpoint());
    return State.readState(snapshotReader, session, name);
  }

  /** Blocking operation on the file history. */
  private interface HistoryOperation<T> {
    T run() throws IOException;
  }

  private <T> CompletionStage<T> runAsync(SessionId session, HistoryOperation<T> historyOperation) {
    return runAsync(historyOperation, executors.reader(session));
  }

  private static <T> CompletionStage<T> runAsync(
      HistoryOperation<T> historyOperation, Executor executor) {
    return CancellableOperation.submit(
        () -> {
          try {
            return historyOperation.run();
          } catch (DirectoryRefusedException e) {
            throw LocalWorkspaceFiles.rejection(e);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        executor);
  }
}
