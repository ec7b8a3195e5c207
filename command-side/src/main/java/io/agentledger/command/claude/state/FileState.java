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
 * @param sequence of the fact that says what the workspace is, 0 before any does
 * @param checkpointId the checkpoint that it is at; empty when it was put back to one
 */
public record FileState(long sequence, Optional<CheckpointId> checkpointId, ManifestNames names) {
  public static final FileState NONE = new FileState(0, Optional.empty(), ManifestNames.NONE);

  /** Whether that is the last thing that happened to them. */
  public boolean isAt(CheckpointId checkpoint) {
    return checkpointId.filter(checkpoint::equals).isPresent();
  }

  /** After a fact of that number. */
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

  /** After a process has left the conversation so; the workspace is what it was. */
  public FileState after(ConversationStored event) {
    return new FileState(
        sequence,
        checkpointId,
        new ManifestNames(names.workspace(), Optional.of(event.manifest())));
  }
}
