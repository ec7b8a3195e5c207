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

/** The history of files from the record, which names what the content store holds. */
final class CheckpointFileHistory implements FileHistory {
  private final EventStore store;
  private final SnapshotReader snapshotReader;
  private final BoundFolderStates bound;
  private final CheckpointAwaiter checkpointAwaiter;
  private final Executor readers;

  /** The threads are the bound: a comparison begins when one is free. */
  CheckpointFileHistory(
      SnapshotReader snapshotReader, BoundFolderStates bound, CheckpointAwaiter checkpointAwaiter) {
    this.store = checkpointAwaiter.store();
    this.snapshotReader = snapshotReader;
    this.bound = bound;
    this.checkpointAwaiter = checkpointAwaiter;
    this.readers = checkpointAwaiter.readers();
  }

  @Override
  public CompletionStage<FileChanges> between(
      SessionId session, CheckpointId from, CheckpointId to) {
    return later(
        () -> {
          var record = record(session);
          return diff(session, Optional.of(named(record, from)), named(record, to));
        });
  }

  @Override
  public CompletionStage<FileChanges> rewind(SessionId session, CheckpointId to) {
    return later(
        () -> {
          var record = record(session);
          return isBound(session)
              ? new ManifestDiff(
                      bound.now(session), readState(session, named(record, to)).besideGit())
                  .changes()
              : diff(session, last(record), named(record, to));
        });
  }

  @Override
  public CompletionStage<Void> settle(SessionId session) {
    return later(
            () -> {
              if (isBound(session)) bound.settle(session);
              return session;
            })
        .thenAccept(settled -> {});
  }

  private boolean isBound(SessionId session) {
    return store.readEvents(session.value(), 0).next().getPayload() instanceof SessionOpened opened
        && opened.workspace() instanceof Workspace.Bound;
  }

  @Override
  public CompletionStage<FileChanges> ofRun(SessionId session, RunId run) {
    return checkpointAwaiter.end(session).thenCompose(kept -> later(() -> changed(session, run)));
  }

  private FileChanges changed(SessionId session, RunId run) throws IOException {
    var record = record(session);
    var after = record.stream().filter(event -> isAfter(event, run)).toList();
    if (after.isEmpty()) throw new RejectionException(new NotFound("checkpoint", run.value()));
    var before = record.subList(0, record.indexOf(after.getFirst()));
    return diff(session, last(before), workspace(after.getLast()));
  }

  @Override
  public CompletionStage<Point> point(SessionId session, @Nullable CheckpointId at) {
    return at == null
        ? checkpointAwaiter.end(session).thenCompose(kept -> later(() -> findPoint(session, null)))
        : later(() -> findPoint(session, at));
  }

  private Point findPoint(SessionId session, @Nullable CheckpointId at) {
    return store
        .readEvents(session.value(), 0)
        .asStream()
        .filter(message -> isAt(message.getPayload(), at))
        .reduce((earlier, later) -> later)
        .map(CheckpointFileHistory::point)
        .orElseThrow(
            () ->
                new RejectionException(
                    new NotFound("checkpoint", at == null ? session.value() : at.value())));
  }

  private static boolean isAt(Object event, @Nullable CheckpointId wanted) {
    return event instanceof CheckpointTaken taken
        && (wanted == null || wanted.equals(taken.checkpointId()));
  }

  private static Point point(DomainEventMessage<?> message) {
    var checkpointContent = ((CheckpointTaken) message.getPayload()).kept();
    if (checkpointContent.workspace().isEmpty())
      throw new RejectionException(WorkspaceRefused.notKept());
    return new Point(
        message.getSequenceNumber() + 1, checkpointContent.files(), checkpointContent.bytes());
  }

  private static boolean isAfter(CheckpointEvent event, RunId run) {
    return event instanceof CheckpointTaken taken && taken.moment().equals(new Moment.After(run));
  }

  private List<CheckpointEvent> record(SessionId session) {
    return store
        .readEvents(session.value(), 0)
        .asStream()
        .map(message -> message.getPayload())
        .filter(CheckpointEvent.class::isInstance)
        .map(CheckpointEvent.class::cast)
        .toList();
  }

  private static Optional<String> last(List<CheckpointEvent> record) {
    return record.isEmpty() ? Optional.empty() : Optional.of(workspace(record.getLast()));
  }

  private static String named(List<CheckpointEvent> record, CheckpointId id) {
    return record.stream()
        .filter(event -> event.checkpointId().equals(id))
        .findFirst()
        .map(CheckpointFileHistory::workspace)
        .orElseThrow(() -> new RejectionException(new NotFound("checkpoint", id.value())));
  }

  private static String workspace(CheckpointEvent event) {
    return switch (event) {
      case CheckpointTaken taken -> taken.kept().workspace();
      case FilesRewound rewound -> rewound.workspace();
    };
  }

  private FileChanges diff(SessionId session, Optional<String> from, String to) throws IOException {
    var before = from.map(name -> readState(session, name)).orElse(State.EMPTY);
    return new ManifestDiff(before, readState(session, to)).changes();
  }

  private State readState(SessionId session, String name) {
    if (name.isEmpty()) throw new RejectionException(WorkspaceRefused.notKept());
    return State.readState(snapshotReader, session, name);
  }

  /** What blocks. */
  private interface Work<T> {
    T done() throws IOException;
  }

  private <T> CompletionStage<T> later(Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.done();
          } catch (DirectoryRefusedException refused) {
            throw LocalWorkspaceFiles.rejection(refused);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        readers);
  }
}
