package io.agentledger.command.claude.state;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.CheckpointEvent.FilesRewound;
import io.agentledger.command.claude.snapshot.SnapshotService.ManifestNames;
import java.util.Optional;

/**
 * What a session's files are, as the record says: what was kept last, or gone back to.
 *
 * @param sequence of the fact that says it, 0 before any does
 * @param checkpointId the checkpoint that they are at; empty when they were put back to one
 */
public record FileState(
    long sequence, Optional<CheckpointId> checkpointId, Optional<ManifestNames> names) {
  public static final FileState NONE = new FileState(0, Optional.empty(), Optional.empty());

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
              Optional.of(
                  new ManifestNames(
                      checkpointTaken.content().workspace(),
                      checkpointTaken.content().conversation())));
      case FilesRewound rewound ->
          new FileState(
              number,
              Optional.empty(),
              names.map(known -> new ManifestNames(rewound.workspace(), known.conversation())));
    };
  }
}
