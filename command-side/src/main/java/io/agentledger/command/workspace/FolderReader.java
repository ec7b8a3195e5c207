package io.agentledger.command.workspace;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;

/** Reads an open directory; no link is followed. */
final class FolderReader {
  private static final int NAMES_MAX = 200_000;

  private FolderReader() {}

  /** Returns the names after the cursor, in order. */
  static List<String> listNames(SecureDirectoryStream<Path> folder, String after) {
    var names = new ArrayList<String>();
    for (Path entry : folder) {
      var name = entry.getFileName().toString();
      if (name.compareTo(after) > 0) names.add(name);
      if (names.size() > NAMES_MAX)
        throw new RejectionException(
            new WorkspaceRefused("too_large", "More than " + NAMES_MAX + " in one folder."));
    }
    names.sort(null);
    return names;
  }
}
