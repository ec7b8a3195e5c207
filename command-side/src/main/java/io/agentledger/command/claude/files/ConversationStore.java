package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand.StoreConversation;
import io.agentledger.api.session.event.RunEvent.Execution;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.snapshot.SnapshotService;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the conversations of sessions: permanently in the content store, and on the disk of a node
 * while the session has a process there. A process's directory is deleted after its conversation
 * was stored, so that the next start of the service finds unfinished work. Blocks.
 */
public final class ConversationStore {
  private static final Logger log = LoggerFactory.getLogger(ConversationStore.class);

  private final SnapshotService snapshots;
  private final SessionCommandGateway sessionCommandGateway;
  private final EventStore store;
  private final String node;

  public ConversationStore(
      SnapshotService snapshots,
      SessionCommandGateway sessionCommandGateway,
      EventStore store,
      String node) {
    this.snapshots = snapshots;
    this.sessionCommandGateway = sessionCommandGateway;
    this.store = store;
    this.node = node;
  }

  /**
   * Restores the last stored conversation on the disk, before a process starts. A conversation on
   * the disk that a process of this node left and that could not be stored is continued as it is.
   */
  void restore(SessionState state, SessionPaths files) throws IOException {
    if (files.hasConversation() && isNewest(state, files)) {
      return;
    }
    SessionId session = state.session();
    Optional<String> own = state.files().names().conversation();
    Optional<ForkPoint> forkPoint = ForkPoint.of(state);
    if (own.isPresent()) {
      files.replaceHome(into -> snapshots.restore(session, own.get(), into));
    } else if (forkPoint.isPresent()) {
      SessionId origin = forkPoint.get().session();
      String manifest = forkPoint.get().names(store).conversation().orElseThrow();
      files.replaceHome(into -> snapshots.restore(origin, manifest, into));
    } else if (files.hasConversation()) {
      files.removeHome();
      files.create();
    }
  }

  /**
   * Stores the conversation after a process has ended, records that, and deletes it from the disk,
   * in this order. Idempotent. Does nothing while the session has another process here.
   */
  public void store(SessionState state, SessionPaths files, long epoch) throws IOException {
    if (hasLivingProcess(files)) {
      return;
    }
    if (files.hasConversation() && isNewest(state, files)) {
      keep(state, files, epoch);
    }
    files.removeHome();
    files.create();
  }

  private void keep(SessionState state, SessionPaths files, long epoch) throws IOException {
    Optional<String> before = state.files().names().conversation();
    var stored = snapshots.storeConversation(state.session(), files, before);
    if (before.filter(stored.manifest()::equals).isEmpty()) {
      sessionCommandGateway.send(
          new StoreConversation(
              state.session(),
              state.lastExecution().orElseThrow().processId(),
              epoch,
              stored.manifest(),
              stored.bytes()),
          state.provenance());
    }
    log.atDebug()
        .addKeyValue("sessionId", state.session())
        .addKeyValue("storedBytes", stored.bytes())
        .log("conversation stored");
  }

  /**
   * Returns whether the conversation on the disk is that of the session's last process. If not,
   * another node has continued the conversation and recorded it.
   */
  private boolean isNewest(SessionState state, SessionPaths files) throws IOException {
    Optional<Execution> last =
        state.lastExecution().filter(execution -> execution.node().equals(node));
    return last.isPresent()
        && (Files.exists(files.runs().resolve(last.get().processId().value()))
            || FileCheckpointService.isAtRecordedState(state, files));
  }

  private static boolean hasLivingProcess(SessionPaths files) throws IOException {
    try (var processes = Files.newDirectoryStream(files.runs())) {
      for (Path process : processes) {
        if (Files.exists(process.resolve("keeper"))
            && ClaudeProcess.openReadOnly(process).isAlive()) {
          return true;
        }
      }
      return false;
    }
  }
}
