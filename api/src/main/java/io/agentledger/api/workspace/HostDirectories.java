package io.agentledger.api.workspace;

import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.SessionDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The folders of the host that sessions may see beside their workspace: those that the operator has
 * named, and any other one for the local owner. A port and no query: it looks at the host.
 */
public interface HostDirectories {
  /** Those that the operator has named, by name. */
  CompletionStage<List<NamedDirectory>> list();

  /**
   * What is meant by names and absolute paths. Fails with {@code Rejected(DirectoryRefused)}: name,
   * unknown, local_owner_only, path, not_found, not_a_folder, closed, unreadable.
   *
   * @param requested names of the operator's folders, or absolute paths
   * @param localOwner whether the wish is the local owner's: only who has the machine names paths
   */
  CompletionStage<List<SessionDirectory>> resolve(List<String> requested, boolean localOwner);

  /**
   * A folder to work in, in place; for the local owner only. Nothing of it is changed. Fails with
   * {@code Rejected(WorkspaceRefused)}: path, not_found, not_a_folder, closed, overlaps, home,
   * root_owned, unreadable.
   */
  CompletionStage<BoundFolder> bind(Path folder);
}
