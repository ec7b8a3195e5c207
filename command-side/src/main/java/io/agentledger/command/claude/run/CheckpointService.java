package io.agentledger.command.claude.run;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.command.claude.process.ProcessContext;
import java.io.IOException;
import java.util.Optional;

/** Takes checkpoints of a session's files between its runs. */
public interface CheckpointService {
  /**
   * Takes a checkpoint of the files after an attempt of a run and records it, unless checkpointing
   * is off for the run. A failure is logged, and the runs continue.
   *
   * @return the checkpoint, if one was taken
   */
  Optional<CheckpointId> checkpointAfter(ProcessContext processContext, RunAttempt attempt);

  /**
   * Takes a checkpoint before an attempt of a run if the files were changed externally since the
   * last one, unless checkpointing is off for the run.
   */
  Optional<CheckpointId> checkpointBefore(ProcessContext processContext, RunAttempt attempt);

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
