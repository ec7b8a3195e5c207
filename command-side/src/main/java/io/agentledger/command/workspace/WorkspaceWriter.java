package io.agentledger.command.workspace;

import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes the files of one workspace, other than by its agent. */
interface WorkspaceWriter {
  /**
   * Stores a file.
   *
   * @param staged file of the service, which is moved
   * @param condition condition on the entry that is replaced
   */
  FileView put(Path staged, FilePath path, FileCondition condition) throws IOException;

  /** Deletes a file, a link, or an empty directory. */
  void delete(FilePath path, FileCondition condition) throws IOException;

  /** Moves all entries of a tree of the service into the workspace. */
  void moveIn(UnpackedTree unpacked, List<String> folder) throws IOException;
}
