package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.command.SessionCommand.RewindFiles;
import io.agentledger.api.session.command.SessionCommand.StoreConversation;
import io.agentledger.api.session.command.SessionCommand.TakeCheckpoint;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.event.LifecycleEvent.ConversationStored;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.SessionBusy;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.support.SessionSealer;
import io.agentledger.store.support.UntrustedJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventsourcing.EventSourcingHandler;
import tools.jackson.databind.json.JsonMapper;

/** Checkpoints that a session's files can be restored to: the latest thousand. */
final class SessionCheckpoints {
  /** One more, because a checkpoint is taken before a rewind to the oldest one. */
  private static final int REMEMBERED_MAX = 1001;

  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** Sequence number of the last event that determines the files. */
  private long lastSequence;

  /** Name of the last conversation in the content store. */
  private String conversation = "";

  /** Name of the workspace in the content store, by the checkpoint's id. */
  private Map<String, String> workspacesById = new LinkedHashMap<>();

  /** Records a checkpoint, unless the files were restored since it was taken. */
  void record(TakeCheckpoint command, SessionSealer sealer) {
    if (workspacesById.containsKey(command.checkpointId().value())
        || command.baseSequence() != lastSequence) return;
    var changes = command.changes();
    var paths = changes.first().isEmpty() ? "" : JSON.writeValueAsString(changes.first());
    apply(
        new CheckpointTaken(
            command.sessionId(),
            command.checkpointId(),
            command.moment(),
            command.content(),
            changes.count(),
            sealer.text(CheckpointTaken.class, "changedPaths", paths)));
  }

  void record(StoreConversation command) {
    if (!command.manifest().equals(conversation))
      apply(
          new ConversationStored(
              command.sessionId(), command.processId(), command.manifest(), command.storedBytes()));
  }

  void rewind(RewindFiles command, boolean busy) {
    CheckpointId id = command.checkpointId();
    var workspace = workspacesById.get(id.value());
    if (workspace == null) throw new RejectionException(new NotFound("checkpoint", id.value()));
    if (workspace.isEmpty()) throw new RejectionException(WorkspaceRefused.incompleteCheckpoint());
    if (busy) throw new RejectionException(new SessionBusy(RETRY_AFTER));
    if (!command.dryRun()) apply(new FilesRewound(command.sessionId(), id, workspace));
  }

  @EventSourcingHandler
  void on(ConversationStored event) {
    conversation = event.manifest();
  }

  @EventSourcingHandler
  void on(FilesRewound event, @SequenceNumber long number) {
    lastSequence = number + 1;
  }

  @EventSourcingHandler
  void on(CheckpointTaken event, @SequenceNumber long number) {
    lastSequence = number + 1;
    workspacesById.put(event.checkpointId().value(), event.content().workspace());
    if (workspacesById.size() > REMEMBERED_MAX)
      workspacesById.remove(workspacesById.keySet().iterator().next());
  }
}
