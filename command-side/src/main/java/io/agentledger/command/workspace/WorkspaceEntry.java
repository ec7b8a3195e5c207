package io.agentledger.command.workspace;

import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.FileChanged;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributes;
import org.jspecify.annotations.Nullable;

/** Entry at a path, read through its open directory. */
record WorkspaceEntry(SecureDirectoryStream<Path> folder, FilePath path) {
  /**
   * Returns the attributes of the entry; of a link itself, not of its target. Rejects with {@link
   * NotFound} if it does not exist.
   */
  PosixFileAttributes attributes() throws IOException {
    try {
      return SecureDirectories.readAttributes(folder, Path.of(path.name()));
    } catch (NoSuchFileException e) {
      throw new RejectionException(new NotFound("file", path.toString()));
    }
  }

  FileView view() throws IOException {
    return FileViewMapper.toView(path.folders(), path.name(), attributes());
  }

  /**
   * Rejects with {@link FileChanged} if the entry is not the one that the caller has seen.
   *
   * @param ifMatch expected entity tag; null: any
   */
  void requireUnchanged(@Nullable String ifMatch) throws IOException {
    if (ifMatch == null) return;
    try {
      var attributes = SecureDirectories.readAttributes(folder, Path.of(path.name()));
      if (attributes.isRegularFile() && FileViewMapper.etag(attributes).equals(ifMatch)) return;
    } catch (NoSuchFileException e) {
      // It is not what the caller has seen.
    }
    throw new RejectionException(new FileChanged(path.toString()));
  }
}
