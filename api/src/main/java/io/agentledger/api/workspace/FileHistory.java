package io.agentledger.api.workspace;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.workspace.WorkspaceFiles.OpenFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Port to the file history of a session, read from its checkpoints. It checks no access rights: the
 * caller must have checked that the session may be seen. Fails with {@code Rejected(NotFound)} for
 * unknown objects of the session.
 */
public interface FileHistory {
  /**
   * Returns the differences between two states of the workspace. Rejected if it exceeds the limits
   * of checkpoints.
   *
   * @param from a checkpoint; null is the last one, or without any an empty workspace
   * @param to a checkpoint; null is the workspace as it is, which a run may be changing
   */
  CompletionStage<FileChanges> diff(
      SessionId session, @Nullable CheckpointId from, @Nullable CheckpointId to);

  /**
   * Returns the differences between the last checkpoints, or rewinds, of two positions; a position
   * before the first checkpoint has no files.
   *
   * @param from sequence of the last event of the earlier position
   * @param to sequence of the last event of the later position
   */
  CompletionStage<FileChanges> diff(SessionId session, long from, long to);

  /**
   * Lists a directory as the last checkpoint, or rewind, at a position contains it; before the
   * first checkpoint there are no files.
   *
   * @param at sequence of the last event of the position
   * @param folder steps from the workspace; none for the workspace itself
   * @param after a name; the page begins behind it
   */
  CompletionStage<Page<FileView>> list(
      SessionId session, long at, List<String> folder, @Nullable String after, int limit);

  /**
   * Opens a file as the last checkpoint, or rewind, at a position contains it; the caller closes
   * it.
   *
   * @param at sequence of the last event of the position
   * @param copy empty file that receives the content, and is deleted when the file is closed
   */
  CompletionStage<OpenFile> open(SessionId session, long at, FilePath path, Path copy);

  /**
   * Returns the changes that restoring a checkpoint would make to the workspace as it is now.
   * Rejected if the workspace exceeds the limits of checkpoints.
   */
  CompletionStage<FileChanges> previewRewind(SessionId session, CheckpointId to);

  /**
   * Restores a checkpoint: stores the workspace as it is, records the rewind and restores the
   * files. Meanwhile, runs do not start and files are not changed by users. Rejected if the session
   * is busy, or if the workspace cannot be stored because it exceeds the limits of checkpoints.
   *
   * @param rewindRecorder records the rewind, or rejects it
   */
  CompletionStage<Rewind> rewind(SessionId session, CheckpointId to, RewindRecorder rewindRecorder);

  /** Records a rewind in the session. */
  interface RewindRecorder {
    /**
     * @param undo checkpoint of the workspace before the rewind
     * @return the same; if the rewind was recorded by an earlier request, the checkpoint of that
     *     request
     */
    CompletionStage<CheckpointId> record(CheckpointId undo);
  }

  /**
   * A rewind.
   *
   * @param changes what was restored; nothing if an earlier request did that
   * @param undo checkpoint of the workspace before the rewind
   */
  record Rewind(FileChanges changes, CheckpointId undo) {}

  /** Returns the changes of a run, made by any tool. */
  CompletionStage<FileChanges> diffOfRun(SessionId session, RunId run);

  /**
   * Returns the point at which a session can be branched off: a checkpoint, or for null the
   * workspace as it is, which is stored for that; during a run, its last stored state. Rejected if
   * the workspace exceeds the limits of checkpoints.
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
