package io.agentledger.scripted;

import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.api.workspace.WorkspaceFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Workspaces without files: every request is rejected as not found. */
final class EmptyWorkspaceFiles implements FileHistory, WorkspaceFiles {
  private static <T> CompletionStage<T> none(SessionId session) {
    return CompletableFuture.failedFuture(
        new RejectionException(new NotFound("file", session.value())));
  }

  @Override
  public CompletionStage<FileChanges> diff(
      SessionId session, @Nullable CheckpointId from, @Nullable CheckpointId to) {
    return none(session);
  }

  @Override
  public CompletionStage<FileChanges> diff(SessionId session, long from, long to) {
    return none(session);
  }

  @Override
  public CompletionStage<Page<FileView>> list(
      SessionId session, long at, List<String> folder, @Nullable String after, int limit) {
    return none(session);
  }

  @Override
  public CompletionStage<OpenFile> open(SessionId session, long at, FilePath path, Path copy) {
    return none(session);
  }

  @Override
  public CompletionStage<FileChanges> previewRewind(SessionId session, CheckpointId to) {
    return none(session);
  }

  @Override
  public CompletionStage<Rewind> rewind(
      SessionId session, CheckpointId to, RewindRecorder rewindRecorder) {
    return none(session);
  }

  @Override
  public CompletionStage<FileChanges> diffOfRun(SessionId session, RunId run) {
    return none(session);
  }

  @Override
  public CompletionStage<BranchPoint> findBranchPoint(
      SessionId session, @Nullable CheckpointId at) {
    return none(session);
  }

  @Override
  public CompletionStage<Page<FileView>> list(
      SessionId session, List<String> folder, @Nullable String after, int limit) {
    return none(session);
  }

  @Override
  public CompletionStage<OpenFile> open(SessionId session, FilePath path) {
    return none(session);
  }

  @Override
  public CompletionStage<Path> createStagingFile(SessionId session) {
    return none(session);
  }

  @Override
  public CompletionStage<Void> deleteStaged(SessionId session, Path staged) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<FileView> put(
      SessionId session, Path staged, FilePath path, FileCondition condition) {
    return none(session);
  }

  @Override
  public CompletionStage<Unpacked> unpack(SessionId session, Path staged, long mibMax) {
    return none(session);
  }

  @Override
  public CompletionStage<Void> moveInto(SessionId session, Path tree, List<String> folder) {
    return none(session);
  }

  @Override
  public CompletionStage<ArchiveWriter> archive(SessionId session) {
    return none(session);
  }

  @Override
  public CompletionStage<Void> delete(SessionId session, FilePath path, FileCondition condition) {
    return none(session);
  }
}
