package io.agentledger.api.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Port to the file history of a session, read from its checkpoints. It checks no access rights: the
 * caller must have checked that the session may be seen. Fails with {@code Rejected(NotFound)} for
 * unknown objects of the session.
 */
public interface FileHistory {
  /** Returns the differences between two checkpoints. */
  CompletionStage<FileChanges> diff(SessionId session, CheckpointId from, CheckpointId to);

  /** Returns the changes that restoring a checkpoint would make now. */
  CompletionStage<FileChanges> previewRewind(SessionId session, CheckpointId to);

  /**
   * Applies recorded rewinds of a bound directory; other workspaces are restored when they are used
   * next.
   */
  CompletionStage<Void> applyPendingRewind(SessionId session);

  /** Returns the changes of a run, made by any tool. */
  CompletionStage<FileChanges> diffOfRun(SessionId session, RunId run);

  /**
   * Returns the point at which a session can be branched off: a checkpoint, or the last one for
   * null.
   */
  CompletionStage<BranchPoint> findBranchPoint(SessionId session, @Nullable CheckpointId at);

  /**
   * A point in a session's event stream.
   *
   * @param sequence of the event
   * @param files in the workspace at that point
   */
  record BranchPoint(long sequence, long files, long bytes) {}
}
