package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.command.claude.process.ProcessContext;
import java.io.IOException;
import java.util.Optional;

/** Takes checkpoints of a session's files between its runs. */
public interface CheckpointService {
  /**
   * Takes a checkpoint of the current files of the process's session and records it. A failure is
   * logged, and the runs continue.
   *
   * @return the checkpoint, if one was taken
   */
  Optional<CheckpointId> takeCheckpoint(
      ProcessContext processContext, Moment moment, Provenance provenance);

  /** Takes a checkpoint before a run if the files were changed externally since the last one. */
  Optional<CheckpointId> checkpointExternalChanges(
      ProcessContext processContext, RunId run, Provenance provenance);

  /** Confirms that the files match the checkpoint if the record, which was read since, says so. */
  void confirmCheckpoint(ProcessContext processContext, CheckpointId checkpoint);

  /**
   * Stores the conversation of a process that has ended and deletes it from the disk, unless
   * another process of the session runs here. Idempotent.
   */
  void storeConversation(ProcessContext processContext) throws IOException;

  /** Returns whether the files match the record; if not, they were restored meanwhile. */
  boolean isCurrent(ProcessContext processContext);
}
