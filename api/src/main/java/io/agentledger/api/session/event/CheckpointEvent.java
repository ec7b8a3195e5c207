package io.agentledger.api.session.event;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/**
 * Events of checkpoints of a session's files. The files are sealed in the content store; events
 * refer to them.
 */
public sealed interface CheckpointEvent extends SessionEvent {
  CheckpointId checkpointId();

  /** Moment at which a checkpoint was taken. */
  sealed interface Moment extends Discriminated {
    /** Before the first run, with the initial files of the workspace. */
    @StableName("opening")
    record Opening() implements Moment {}

    /** Before a run, because the files were changed from outside after the previous run. */
    @StableName("before")
    record Before(RunId runId) implements Moment {}

    /** After an attempt of a run. */
    @StableName("after")
    record After(RunId runId) implements Moment {}

    /** Before a rewind, so that it can be undone. */
    @StableName("before_rewind")
    record BeforeRewind() implements Moment {}

    /** Before a fork or clone, which begins with the files as they are. */
    @StableName("before_branch")
    record BeforeBranch() implements Moment {}
  }

  /**
   * Content of a checkpoint.
   *
   * @param workspace reference to the list of the workspace's files in the content store; empty for
   *     a bound directory that exceeds the checkpoint limits and cannot be restored
   * @param conversation reference to the CLI's transcript
   * @param files number of files in the workspace
   * @param bytes size of the files
   * @param storedBytes bytes that were added to the content store; content that is stored already
   *     is not copied
   */
  record CheckpointContent(
      String workspace, String conversation, long files, long bytes, long storedBytes) {}

  /**
   * The files were stored.
   *
   * @param changedFiles number of files that differ from the state that was recorded before; -1 if
   *     unknown: an older version recorded it, or a bound directory exceeded the limits
   * @param changedPaths the first of them as JSON, a list of {@link
   *     io.agentledger.api.workspace.PathChange}
   */
  @Revision("2")
  @StableName("CheckpointTaken")
  record CheckpointTaken(
      SessionId sessionId,
      CheckpointId checkpointId,
      Moment moment,
      CheckpointContent content,
      long changedFiles,
      Content changedPaths)
      implements CheckpointEvent {}

  /**
   * The workspace was restored to a checkpoint; the conversation is unchanged.
   *
   * @param workspace reference of the checkpoint's files
   */
  @Revision("1")
  @StableName("FilesRewound")
  record FilesRewound(SessionId sessionId, CheckpointId checkpointId, String workspace)
      implements CheckpointEvent {}
}
