package io.agentledger.api.workspace;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Prepares the folders that sessions work in. A port and no command, because a gibibyte is no
 * message: the bytes are staged first, and opening the session then only names what was staged.
 */
public interface WorkspaceProvisioner {
  /**
   * Copies a folder of this machine into the new session's workspace; for the local owner only.
   * Fails with {@code Rejected(StorageFull)} when there is more in it than the person may have in
   * one, or with {@code Rejected(WorkspaceRefused)}: not_found, not_a_folder, unreadable,
   * too_large, link_escapes, special_file, holds_itself (the copy would stand in its own source),
   * changed (something became something else meanwhile). What was copied before the failure is
   * removed.
   */
  CompletionStage<Staged> stageCopy(SessionId session, Path folder, long mibMax);

  /**
   * A place for what is being sent for a session that is about to be opened. Whoever asks for it
   * fills the workspace with it, or discards the session's.
   */
  CompletionStage<Path> createStagingFile(SessionId session);

  /**
   * Fills the new session's workspace with files and unpacked archives: zip, tar, tar.gz, known by
   * their bytes. Fails with {@code Rejected(StorageFull)} when there is more in them than the
   * person may have in one, or with {@code Rejected(WorkspaceRefused)}: not_an_archive,
   * broken_archive, bad_path, duplicate, hard_link, special_file, link_escapes, too_large, bomb.
   * What was sent is removed either way, and so is what was made of it before a failure.
   */
  CompletionStage<Staged> stageUploads(
      SessionId session, List<StagedUpload> stagedUploads, long mibMax);

  /**
   * Fetches one state of a repository into the new session's workspace: no hook, no filter and no
   * submodule of it is used, and its credential is written nowhere. Fails with {@code
   * Rejected(StorageFull)} when it is larger than the person may have, or with {@code
   * Rejected(WorkspaceRefused)}: git_url, git_credential, git_not_found, git_ref, git_refused,
   * git_unreachable, git_time, bad_path, too_large.
   */
  CompletionStage<CheckedOut> stageRepository(
      SessionId session, TenantId tenant, GitSource source, long mibMax);

  /** An empty one. */
  CompletionStage<Staged> stageEmpty(SessionId session);

  /** Removes what was staged for a session that was never opened. */
  CompletionStage<Void> discard(SessionId session);

  /**
   * Content of the workspace after a checkout, and its commit.
   *
   * @param commit its id, hex
   * @param bytes its history included
   */
  record CheckedOut(String commit, long files, long bytes) {}

  /** Content of the workspace after its files were staged. */
  record Staged(long files, long bytes) {}
}
