package io.agentledger.command.claude.state;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.event.LifecycleEvent.ConversationStored;
import io.agentledger.command.claude.snapshot.SnapshotService.ManifestNames;
import java.util.Optional;

/**
 * Recorded state of a session's files: the latest checkpoint or rewind.
 *
 * @param sequence sequence number of the event that determines the workspace; 0 if there is none
 * @param checkpointId the latest checkpoint of the workspace; empty after a rewind
 */
public record FileState(long sequence, Optional<CheckpointId> checkpointId, ManifestNames names) {
  public static final FileState NONE = new FileState(0, Optional.empty(), ManifestNames.NONE);

  /** Returns whether this checkpoint is the latest change of the files. */
  public boolean isAt(CheckpointId checkpoint) {
    return checkpointId.filter(checkpoint::equals).isPresent();
  }

  /** Returns the state after the event with this sequence number. */
  public FileState after(CheckpointEvent event, long number) {
    return switch (event) {
      case CheckpointTaken checkpointTaken ->
          new FileState(
              number,
              Optional.of(checkpointTaken.checkpointId()),
              new ManifestNames(
                  Optional.of(checkpointTaken.content().workspace()),
                  Optional.of(checkpointTaken.content().conversation())));
      case FilesRewound rewound ->
          new FileState(
              number,
              Optional.empty(),
              new ManifestNames(Optional.of(rewound.workspace()), names.conversation()));
    };
  }

  /** Returns the state after a conversation was stored; the workspace is unchanged. */
  public FileState after(ConversationStored event) {
    return new FileState(
        sequence,
        checkpointId,
        new ManifestNames(names.workspace(), Optional.of(event.manifest())));
  }
}
