package io.agentledger.api.session.event;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/**
 * The states of a session's files that can be gone back to. What they held is sealed in the content
 * store; events name it.
 */
public sealed interface CheckpointEvent extends SessionEvent {
  CheckpointId checkpointId();

  /** Moment at which a checkpoint was taken. */
  sealed interface Moment extends Discriminated {
    /** Before the first run: what the workspace held then. */
    @StableName("opening")
    record Opening() implements Moment {}

    /** Before a run, since the files were changed from outside after the run before. */
    @StableName("before")
    record Before(RunId runId) implements Moment {}

    /** After an attempt of a run. */
    @StableName("after")
    record After(RunId runId) implements Moment {}
  }

  /**
   * Content that a checkpoint keeps.
   *
   * @param workspace names the list of the workspace's files in the content store; empty where it
   *     is a folder that holds more than is kept, which cannot be gone back to
   * @param conversation likewise of the CLI's transcript
   * @param files in the workspace
   * @param bytes of them
   * @param storedBytes that were added to the content store for it; what was there is not copied
   */
  record CheckpointContent(
      String workspace, String conversation, long files, long bytes, long storedBytes) {}

  @Revision("1")
  @StableName("CheckpointTaken")
  record CheckpointTaken(
      SessionId sessionId, CheckpointId checkpointId, Moment moment, CheckpointContent content)
      implements CheckpointEvent {}

  /**
   * The workspace holds again what it held at a checkpoint; the conversation is as it was.
   *
   * @param workspace as the checkpoint names it
   */
  @Revision("1")
  @StableName("FilesRewound")
  record FilesRewound(SessionId sessionId, CheckpointId checkpointId, String workspace)
      implements CheckpointEvent {}
}
