package io.agentledger.command.workspace;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What can be had of a folder that is open; no link is followed. */
final class FolderReader {
  private static final int NAMES_MAX = 200_000;

  private FolderReader() {}

  /** Behind one of them, in order. */
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

  /**
   * Opened for writing, too, though nothing is written: a pipe that was put there a moment ago
   * would hold a mere reader up for ever. What has no position is no file.
   */
  static SeekableByteChannel openChannel(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    Set<OpenOption> both =
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      return folder.newByteChannel(name, both);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (AccessDeniedException readOnly) {
      return folder.newByteChannel(
          name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (FileSystemException running) { // "Text file busy": a program that is being run.
      return folder.newByteChannel(
          name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }
  }

  static boolean isSeekable(SeekableByteChannel channel) {
    try {
      channel.position(0);
      return true;
    } catch (IOException pipe) {
      return false;
    }
  }
}
