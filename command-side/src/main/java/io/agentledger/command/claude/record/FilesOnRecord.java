package io.agentledger.command.claude.record;

import io.agentledger.api.session.CheckpointEvent;
import io.agentledger.api.session.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.CheckpointEvent.FilesRewound;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.command.claude.snapshot.Snapshots.Names;
import java.util.Optional;

/**
 * What a session's files are, as the record says: what was kept last, or gone back to.
 *
 * @param sequence of the fact that says it, 0 before any does
 * @param taken the checkpoint that they are at; empty when they were put back to one
 */
public record FilesOnRecord(long sequence, Optional<CheckpointId> taken, Optional<Names> names) {
  public static final FilesOnRecord NONE = new FilesOnRecord(0, Optional.empty(), Optional.empty());

  /** Whether that is the last thing that happened to them. */
  public boolean isAt(CheckpointId checkpoint) {
    return taken.filter(checkpoint::equals).isPresent();
  }

  /** After a fact of that number. */
  public FilesOnRecord after(CheckpointEvent event, long number) {
    return switch (event) {
      case CheckpointTaken taken ->
          new FilesOnRecord(
              number,
              Optional.of(taken.checkpointId()),
              Optional.of(new Names(taken.kept().workspace(), taken.kept().conversation())));
      case FilesRewound rewound ->
          new FilesOnRecord(
              number,
              Optional.empty(),
              names.map(known -> new Names(rewound.workspace(), known.conversation())));
    };
  }
}
