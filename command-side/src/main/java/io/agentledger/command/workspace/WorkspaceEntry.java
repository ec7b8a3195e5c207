package io.agentledger.command.workspace;

import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.FileChanged;
import io.agentledger.api.shared.WorkspaceRejection.FileExists;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Optional;
import java.util.function.Predicate;

/** Entry at a path, read through its open directory. */
record WorkspaceEntry(SecureDirectoryStream<Path> folder, FilePath path) {
  /**
   * Returns the attributes of the entry; of a link itself, not of its target. Rejects with {@link
   * NotFound} if it does not exist.
   */
  PosixFileAttributes attributes() throws IOException {
    return find().orElseThrow(() -> new RejectionException(new NotFound("file", path.toString())));
  }

  FileView view() throws IOException {
    return FileViewMapper.toView(path.folders(), path.name(), attributes());
  }

  /** Rejects with {@link FileChanged} or {@link FileExists} if the condition does not hold. */
  void require(FileCondition condition) throws IOException {
    switch (condition) {
      case FileCondition.None _ -> {}
      case FileCondition.Absent _ -> {
        if (find().isPresent()) throw new RejectionException(new FileExists(path.toString()));
      }
      case FileCondition.Exists _ -> requireFile(attributes -> true);
      case FileCondition.Unchanged unchanged ->
          requireFile(attributes -> FileViewMapper.etag(attributes).equals(unchanged.etag()));
    }
  }

  private void requireFile(Predicate<PosixFileAttributes> filter) throws IOException {
    if (find().filter(PosixFileAttributes::isRegularFile).filter(filter).isEmpty())
      throw new RejectionException(new FileChanged(path.toString()));
  }

  private Optional<PosixFileAttributes> find() throws IOException {
    try {
      return Optional.of(SecureDirectories.readAttributes(folder, Path.of(path.name())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
