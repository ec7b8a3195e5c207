package io.agentledger.command.workspace;

import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.WorkspaceRejection.FileChanged;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.command.support.OpenedFolders;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributes;
import org.jspecify.annotations.Nullable;

/** What stands at a path, looked at in its folder, which is open. */
record Standing(SecureDirectoryStream<Path> folder, FilePath path) {
  /** It itself, no link followed; what is not there is {@link NotFound}. */
  PosixFileAttributes found() throws IOException {
    try {
      return OpenedFolders.found(folder, Path.of(path.name()));
    } catch (NoSuchFileException none) {
      throw new Rejected(new NotFound("file", path.toString()));
    }
  }

  FileView view() throws IOException {
    return FileViews.of(path.folders(), path.name(), found());
  }

  /**
   * Another one than the caller has seen is {@link FileChanged}.
   *
   * @param ifMatch its tag; null: whatever it is
   */
  void refuseChanged(@Nullable String ifMatch) throws IOException {
    if (ifMatch == null) return;
    try {
      var found = OpenedFolders.found(folder, Path.of(path.name()));
      if (found.isRegularFile() && FileViews.etag(found).equals(ifMatch)) return;
    } catch (NoSuchFileException none) {
      // Then it is not what the caller saw.
    }
    throw new Rejected(new FileChanged(path.toString()));
  }
}
