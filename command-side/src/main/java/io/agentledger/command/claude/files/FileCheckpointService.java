package io.agentledger.command.claude.files;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.TakeCheckpoint;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SessionBusy;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.claude.run.CheckpointService;
import io.agentledger.command.claude.run.RunAttempt;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.snapshot.SnapshotService;
import io.agentledger.command.claude.snapshot.SnapshotSettings;
import io.agentledger.command.claude.snapshot.TreeTooLargeException;
import io.agentledger.command.claude.state.FileState;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the files of this node's sessions consistent with the record, which is authoritative: a
 * tree that is missing here, or older than the record, is restored before a process runs in it. A
 * file next to each tree contains the sequence number of the event that it corresponds to.
 */
public final class FileCheckpointService implements CheckpointService, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileCheckpointService.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final String SEQUENCE_FILE = "files.at";
  private static final String CHANGED_FILE = "files.touched";

  /** Sequence number of the tree of a forked session that has no checkpoint of its own yet. */
  private static final long FORKED = -1;

  private final SnapshotService snapshots;
  private final SessionCommandGateway sessionCommandGateway;
  private final ConversationStore conversations;
  private final EventStore store;
  private final SnapshotSettings settings;
  private final OwnerScriptRunner ownerScriptRunner;

  /**
   * Threads that read trees. An agent can block its reader for ever by replacing a file with a
   * pipe; readers of other sessions are not affected.
   */
  private final ExecutorService readers =
      Executors.newCachedThreadPool(Thread.ofPlatform().name("snapshot-", 0).daemon().factory());

  /**
   * Settings of checkpoints, and the runner for directories that the service must not write to
   * itself.
   *
   * @param ownerScripts for bound workspaces
   * @param node node that the files are on
   */
  public record Options(SnapshotSettings settings, OwnerScriptRunner ownerScripts, String node) {}

  public FileCheckpointService(
      SnapshotService snapshots,
      SessionCommandGateway sessionCommandGateway,
      EventStore store,
      Options options) {
    this.snapshots = snapshots;
    this.sessionCommandGateway = sessionCommandGateway;
    this.store = store;
    this.conversations =
        new ConversationStore(snapshots, sessionCommandGateway, store, options.node());
    this.settings = options.settings();
    this.ownerScriptRunner = options.ownerScripts();
  }

  @Override
  public Optional<CheckpointId> checkpointAfter(ProcessContext processContext, RunAttempt attempt) {
    if (attempt.options().checkpointing())
      return takeCheckpoint(
          SessionFilesRef.of(processContext),
          new Moment.After(attempt.run()),
          attempt.provenance());
    try {
      markChanged(processContext.paths().sessionPaths().base()); // For the next checkpoint.
    } catch (IOException unmarked) {
      throw new UncheckedIOException(unmarked);
    }
    return Optional.empty();
  }

  /** Session, its files and the lease under which they are changed. */
  private record SessionFilesRef(SessionState state, SessionPaths files, long epoch) {
    static SessionFilesRef of(ProcessContext processContext) {
      return new SessionFilesRef(
          processContext.state(), processContext.paths().sessionPaths(), processContext.epoch());
    }

    SessionId session() {
      return state.session();
    }
  }

  private Optional<CheckpointId> takeCheckpoint(
      SessionFilesRef filesRef, Moment moment, Provenance provenance) {
    try {
      return storeCheckpoint(filesRef, moment, provenance);
    } catch (RejectionException superseded) {
      throw superseded; // Another node holds the session.
    } catch (IOException | RuntimeException fault) {
      log.atWarn()
          .addKeyValue("sessionId", filesRef.session())
          .setCause(fault)
          .log("could not take a checkpoint of a session's files");
      return Optional.empty();
    }
  }

  private Optional<CheckpointId> storeCheckpoint(
      SessionFilesRef filesRef, Moment moment, Provenance provenance) throws IOException {
    long basis = Math.max(0, markedSequence(filesRef.files()));
    var before = filesRef.state().files().names();
    var snapshot =
        withTimeout(() -> snapshots.takeSnapshot(filesRef.session(), filesRef.files(), before));
    boolean same = before.workspace().filter(snapshot.content().workspace()::equals).isPresent();
    if (same && !(moment instanceof Moment.After)) return Optional.empty();
    var id = CheckpointId.next();
    sessionCommandGateway.send(
        new TakeCheckpoint(
            filesRef.session(),
            id,
            filesRef.epoch(),
            basis,
            moment,
            snapshot.content(),
            snapshot.changes()),
        provenance);
    return Optional.of(id);
  }

  /**
   * Takes a checkpoint of the workspace, which is at the recorded state or was changed since, if it
   * has changed. A process may run in it, but no run.
   *
   * @return the checkpoint; empty without a change
   * @throws IOException if the files cannot be stored
   */
  public Optional<CheckpointId> checkpointChanges(
      SessionState state, SessionPaths files, long epoch, Moment moment) throws IOException {
    boolean first = state.files().names().workspace().isEmpty();
    if (first) {
      if (!needsOpening(files)) return Optional.empty();
      if (!files.hasConversation()) conversations.restore(state, files);
    }
    Files.deleteIfExists(files.base().resolve(CHANGED_FILE));
    boolean taken = false;
    try {
      var checkpoint =
          storeCheckpoint(
              new SessionFilesRef(state, files, epoch),
              first && state.lastExecution().isEmpty() ? new Moment.Opening() : moment,
              state.provenance());
      state.catchUp();
      if (checkpoint.isPresent() && !state.files().isAt(checkpoint.get()))
        throw new RejectionException(new SessionBusy(RETRY_AFTER)); // They were restored meanwhile.
      checkpoint.ifPresent(id -> confirmCheckpoint(state, files, id));
      taken = true;
      return checkpoint;
    } finally {
      if (!taken) markChanged(files.base());
    }
  }

  @Override
  public void confirmCheckpoint(ProcessContext processContext, CheckpointId checkpoint) {
    confirmCheckpoint(processContext.state(), processContext.paths().sessionPaths(), checkpoint);
  }

  private static void confirmCheckpoint(
      SessionState state, SessionPaths files, CheckpointId checkpoint) {
    if (!state.files().isAt(checkpoint)) return; // They were restored meanwhile.
    try {
      mark(files, state.files().sequence());
    } catch (IOException unmarked) {
      throw new UncheckedIOException(unmarked);
    }
  }

  public boolean isCurrent(SessionState state, SessionPaths files) throws IOException {
    var recorded = recordedState(state, files);
    return recorded.sequence() == 0 || markedSequence(files) == recorded.sequence();
  }

  /**
   * Returns whether a run can begin with the files as they are: they match the record, and no
   * change by others has to be recorded first. Reads no events.
   */
  public boolean isReadyForRun(SessionState state, SessionPaths files) throws IOException {
    return isAtRecordedState(state, files)
        && files.boundDirectory().isEmpty()
        && !Files.exists(files.base().resolve(CHANGED_FILE), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Returns the recorded state of the files. If the files are marked with an event later than the
   * state that was read, the newer events are read first; otherwise changes of the latest run would
   * be undone.
   */
  private static FileState recordedState(SessionState state, SessionPaths files)
      throws IOException {
    if (markedSequence(files) > state.files().sequence()) state.catchUp();
    return state.files();
  }

  @Override
  public boolean isCurrent(ProcessContext processContext) {
    try {
      return isCurrent(processContext.state(), processContext.paths().sessionPaths());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void storeConversation(ProcessContext processContext) throws IOException {
    storeConversation(
        processContext.state(), processContext.paths().sessionPaths(), processContext.epoch());
  }

  /** Stores the conversation of a session that has no process here any more. */
  public void storeConversation(SessionState state, SessionPaths files, long epoch)
      throws IOException {
    withTimeout(
        () -> {
          conversations.store(state, files, epoch);
          return epoch;
        });
  }

  private <T> T withTimeout(Callable<T> snapshot) throws IOException {
    var reading = readers.submit(snapshot);
    try {
      return reading.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      reading.cancel(true);
      throw new IOException("it took longer than " + settings.timeout(), late);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof TreeTooLargeException tooLarge) throw tooLarge;
      throw new IOException(failed.getCause());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopping);
    }
  }

  /**
   * Prepares the files before a process starts: brings them to the recorded state, or takes a
   * checkpoint of external changes.
   */
  public void prepare(SessionState state, SessionPaths files, long epoch) throws IOException {
    bringUpToDate(state, files);
    conversations.restore(state, files);
    if (state.files().names().workspace().isPresent() || !needsOpening(files)) return;
    if (!state.setup().options().checkpointing()) return;
    var sessionFilesRef = new SessionFilesRef(state, files, epoch);
    Files.deleteIfExists(files.base().resolve(CHANGED_FILE));
    var checkpoint = takeCheckpoint(sessionFilesRef, new Moment.Opening(), state.provenance());
    state.catchUp();
    checkpoint.ifPresent(id -> confirmCheckpoint(state, files, id));
  }

  /** Returns whether a workspace without a checkpoint has files that the first one contains. */
  private static boolean needsOpening(SessionPaths files) throws IOException {
    return markedSequence(files) == FORKED || hasEntries(files.workspace());
  }

  /** Brings the workspace to the recorded state. No process may be alive in it. */
  public void bringUpToDate(SessionState state, SessionPaths files) throws IOException {
    var recorded = recordedState(state, files);
    if (recorded.names().workspace().isEmpty()) {
      initializeFromFork(state, files);
      return;
    }
    if (markedSequence(files) == recorded.sequence()) return;
    var workspace = recorded.names().workspace().get();
    snapshots.evict(state.session());
    if (files.boundDirectory().isEmpty())
      files.replaceWorkspace(into -> snapshots.restore(state.session(), workspace, into));
    else if (markedSequence(files) > 0 && recorded.checkpointId().isEmpty())
      snapshots.restore(state.session(), files, ownerScriptRunner, workspace);
    mark(files, recorded.sequence());
    log.atInfo()
        .addKeyValue("sessionId", state.session())
        .addKeyValue("sequence", recorded.sequence())
        .log("restoring a session's files");
  }

  /** Marks the files as changed by a user. */
  static void markChanged(Path base) throws IOException {
    DurableFiles.write(base.resolve(CHANGED_FILE), new byte[0]);
  }

  @Override
  public Optional<CheckpointId> checkpointBefore(
      ProcessContext processContext, RunAttempt attempt) {
    if (!attempt.options().checkpointing()) return Optional.empty();
    var filesRef = SessionFilesRef.of(processContext);
    try {
      boolean touched = Files.deleteIfExists(filesRef.files().base().resolve(CHANGED_FILE));
      if (!touched && filesRef.files().boundDirectory().isEmpty()) return Optional.empty();
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
    return takeCheckpoint(filesRef, new Moment.Before(attempt.run()), attempt.provenance());
  }

  /** Restores the files of the original session as of the fork point. */
  private void initializeFromFork(SessionState state, SessionPaths files) throws IOException {
    var forkPoint = ForkPoint.of(state);
    if (forkPoint.isEmpty() || markedSequence(files) == FORKED) return;
    var fork = forkPoint.get();
    var workspace = fork.names(store).workspace().orElseThrow();
    files.replaceWorkspace(into -> snapshots.restore(fork.session(), workspace, into));
    mark(files, FORKED);
  }

  /** Returns whether the workspace is at the recorded state, as of the last read. */
  static boolean isAtRecordedState(SessionState state, SessionPaths files) throws IOException {
    long sequence = state.files().sequence();
    return sequence == 0 || markedSequence(files) == sequence;
  }

  private static boolean hasEntries(Path folder) throws IOException {
    try (var entries = Files.newDirectoryStream(folder)) {
      return entries.iterator().hasNext();
    }
  }

  private static long markedSequence(SessionPaths files) throws IOException {
    Path mark = files.base().resolve(SEQUENCE_FILE);
    if (!Files.isRegularFile(mark, LinkOption.NOFOLLOW_LINKS)) return 0;
    return Long.parseLong(Files.readString(mark).strip());
  }

  /**
   * Writes the sequence number atomically, because a partly written number would be another state.
   */
  private static void mark(SessionPaths files, long sequence) throws IOException {
    DurableFiles.write(
        files.base().resolve(SEQUENCE_FILE),
        Long.toString(sequence).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}
