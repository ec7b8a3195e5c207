package io.agentledger.command.workspace;

import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes one workspace from outside. */
interface WorkspaceWriter {
  /**
   * @param staged a file of the service's own; it is gone afterwards
   * @param ifMatch the tag of what is to be replaced; null: whatever it is
   */
  FileView put(Path staged, FilePath path, @Nullable String ifMatch) throws IOException;

  /** A file, a link, or an empty folder. */
  void delete(FilePath path, @Nullable String ifMatch) throws IOException;

  /** All of a tree of the service's own, which may be there no more afterwards. */
  void moveIn(Path unpacked, List<String> folder) throws IOException;
}
