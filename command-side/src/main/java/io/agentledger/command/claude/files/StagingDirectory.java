package io.agentledger.command.claude.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/**
 * Directory of a session for uploads that are not in its workspace yet, on the same file system.
 * Only the service has access to it.
 */
public record StagingDirectory(Path path) {
  private static final String NAME = "put";
  private static final FileAttribute<?> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Returns the directory, which need not exist, in the session's directory. */
  public static StagingDirectory in(Path base) {
    return new StagingDirectory(base.resolve(NAME));
  }

  /**
   * Creates the directory if it is missing, and returns it.
   *
   * @throws java.nio.file.NoSuchFileException if there is no directory of the session
   */
  public StagingDirectory create() throws IOException {
    try {
      Files.createDirectory(path, PRIVATE_DIRECTORY);
    } catch (FileAlreadyExistsException exists) {
      // It was created by an earlier upload.
    }
    return this;
  }

  /** Creates an empty file. */
  public Path createFile() throws IOException {
    return Files.createFile(newPath(), PRIVATE_FILE);
  }

  /** Creates an empty directory. */
  public Path createDirectory() throws IOException {
    return Files.createDirectory(newPath(), PRIVATE_DIRECTORY);
  }

  private Path newPath() {
    return path.resolve(UUID.randomUUID().toString());
  }
}
