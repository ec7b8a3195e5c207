package io.agentledger.api.workspace;

import io.agentledger.api.session.SessionId;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/**
 * Prepares the folders that sessions work in. A port and no command, because a gibibyte is no
 * message: the bytes are staged first, and opening the session then only names what was staged.
 */
public interface Workspaces {
  /**
   * Copies a folder of this machine into the new session's workspace; for the local owner only.
   * Fails with {@code Rejected(StorageFull)} when there is more in it than the person may have in
   * one, or with {@code Rejected(WorkspaceRefused)}: not_found, not_a_folder, unreadable,
   * too_large, link_escapes, special_file, holds_itself (the copy would stand in its own source),
   * changed (something became something else meanwhile). What was copied before the failure is
   * removed.
   */
  CompletionStage<Staged> copy(SessionId session, Path folder, long mibMax);

  /** An empty one. */
  CompletionStage<Staged> empty(SessionId session);

  /** Removes what was staged for a session that was never opened. */
  CompletionStage<Void> discard(SessionId session);

  /** What stands in the workspace now. */
  record Staged(long files, long bytes) {}
}
