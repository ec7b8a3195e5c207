package io.agentledger.api.workspace;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Prepares the workspaces of new sessions. A port and not a command, because file content is too
 * large for a message: it is staged first, and the command that opens the session refers to it.
 */
public interface WorkspaceProvisioner {
  /**
   * Copies a directory of this machine into the new session's workspace; for the local owner only.
   * Fails with {@code Rejected(StorageFull)} if it exceeds the user's workspace limit, or with
   * {@code Rejected(WorkspaceRefused)}: not_found, not_a_folder, unreadable, too_large,
   * link_escapes, special_file, holds_itself (the copy would be inside its own source), changed (an
   * entry changed its type meanwhile). Files that were copied before the failure are removed.
   */
  CompletionStage<Staged> stageCopy(SessionId session, TenantId tenant, Path folder, long mibMax);

  /**
   * Creates a staging file for a session that is about to be opened. The caller must then fill the
   * workspace with it, or discard the session's files.
   */
  CompletionStage<Path> createStagingFile(SessionId session);

  /**
   * Fills the new session's workspace with files and unpacked archives: zip, tar, tar.gz, detected
   * by content. Fails with {@code Rejected(StorageFull)} if they exceed the user's workspace limit,
   * or with {@code Rejected(WorkspaceRefused)}: not_an_archive, broken_archive, bad_path,
   * duplicate, hard_link, special_file, link_escapes, too_large, bomb. The staged files are removed
   * in any case, and after a failure the unpacked ones too.
   */
  CompletionStage<Staged> stageUploads(
      SessionId session, TenantId tenant, List<StagedUpload> stagedUploads, long mibMax);

  /**
   * Fetches one revision of a repository into the new session's workspace: its hooks, filters and
   * submodules are not used, and its credential is not stored. Fails with {@code
   * Rejected(StorageFull)} if it exceeds the user's workspace limit, or with {@code
   * Rejected(WorkspaceRefused)}: git_url, git_credential, git_not_found, git_ref, git_refused,
   * git_unreachable, git_time, bad_path, too_large.
   */
  CompletionStage<CheckedOut> stageRepository(
      SessionId session, TenantId tenant, GitSource source, long mibMax);

  /** Creates an empty workspace. */
  CompletionStage<Staged> stageEmpty(SessionId session);

  /** Removes the staged files of a session that was never opened. */
  CompletionStage<Void> discard(SessionId session);

  /**
   * Workspace after a checkout.
   *
   * @param commit its id, hex
   * @param bytes including its history
   */
  record CheckedOut(String commit, long files, long bytes) {}

  /** Workspace after its files were staged. */
  record Staged(long files, long bytes) {}
}
