package io.agentledger.api.workspace;

import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.SessionDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Directories of the host that sessions may mount: those that the operator has named, and any other
 * one for the local owner. A port and not a query, because it reads the file system of the host.
 */
public interface HostDirectories {
  /** Lists the directories that the operator has named, by name. */
  CompletionStage<List<NamedDirectory>> list();

  /**
   * Resolves names and absolute paths. Fails with {@code Rejected(DirectoryRefused)}: name,
   * unknown, local_owner_only, path, not_found, not_a_folder, closed, unreadable.
   *
   * @param requested names of the operator's directories, or absolute paths
   * @param localOwner whether the local owner sent the request; only they may use paths
   */
  CompletionStage<List<SessionDirectory>> resolve(List<String> requested, boolean localOwner);

  /**
   * Resolves a directory to work in, in place; for the local owner only. Changes nothing in it.
   * Fails with {@code Rejected(WorkspaceRefused)}: path, not_found, not_a_folder, closed, overlaps,
   * home, root_owned, unreadable.
   */
  CompletionStage<BoundFolder> bind(Path folder);
}
