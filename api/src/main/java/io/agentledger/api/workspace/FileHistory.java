package io.agentledger.api.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Port to the file history of a session, read from its checkpoints. It checks no access rights: the
 * caller must have checked that the session may be seen. Fails with {@code Rejected(NotFound)} for
 * what the session does not have.
 */
public interface FileHistory {
  /** What leads from one checkpoint to another. */
  CompletionStage<FileChanges> diff(SessionId session, CheckpointId from, CheckpointId to);

  /** What going back to a checkpoint would change now. */
  CompletionStage<FileChanges> previewRewind(SessionId session, CheckpointId to);

  /**
   * Files that were put back on the record are put back now where they are in somebody's own
   * folder; others are when they are needed next.
   */
  CompletionStage<Void> applyPendingRewind(SessionId session);

  /** What a run changed, by whichever tool. */
  CompletionStage<FileChanges> diffOfRun(SessionId session, RunId run);

  /** Where a session can be branched off: at that checkpoint, or at the last one for null. */
  CompletionStage<BranchPoint> findBranchPoint(SessionId session, @Nullable CheckpointId at);

  /**
   * A point in a session's story.
   *
   * @param sequence of the fact
   * @param files in the workspace then
   */
  record BranchPoint(long sequence, long files, long bytes) {}
}
