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
  /** It itself, no link followed; what is not there is {@link NotFound}. */
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
   * Another one than the caller has seen is {@link FileChanged}.
   *
   * @param ifMatch its tag; null: whatever it is
   */
  void requireUnchanged(@Nullable String ifMatch) throws IOException {
    if (ifMatch == null) return;
    try {
      var attributes = SecureDirectories.readAttributes(folder, Path.of(path.name()));
      if (attributes.isRegularFile() && FileViewMapper.etag(attributes).equals(ifMatch)) return;
    } catch (NoSuchFileException e) {
      // Then it is not what the caller saw.
    }
    throw new RejectionException(new FileChanged(path.toString()));
  }
}
