package io.agentledger.command.workspace;

import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.claude.host.DiskUsage;
import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;

/**
 * Accesses a tree that an agent may change concurrently: each directory is opened relative to its
 * parent and no link is followed, so that every operation stays inside the tree.
 */
final class ContainedTree {
  private final Path root;

  /**
   * @param root directory that only the service can replace
   */
  ContainedTree(Path root) {
    this.root = root;
  }

  /** Operation in an open directory. */
  interface DirectoryOperation<T> {
    T run(SecureDirectoryStream<Path> folder) throws IOException;
  }

  <T> T inDirectory(List<String> steps, DirectoryOperation<T> directoryOperation)
      throws IOException {
    try (var top = SecureDirectories.open(root)) {
      return descend(top, steps, 0, directoryOperation);
    }
  }

  private <T> T descend(
      SecureDirectoryStream<Path> folder,
      List<String> steps,
      int depth,
      DirectoryOperation<T> directoryOperation)
      throws IOException {
    if (depth == steps.size()) return directoryOperation.run(folder);
    try (var next = open(folder, steps, depth)) {
      return descend(next, steps, depth + 1, directoryOperation);
    }
  }

  private static SecureDirectoryStream<Path> open(
      SecureDirectoryStream<Path> folder, List<String> steps, int depth) throws IOException {
    try {
      return SecureDirectories.open(folder, Path.of(steps.get(depth)));
    } catch (NoSuchFileException e) {
      throw new RejectionException(new NotFound("file", path(steps, depth)));
    } catch (FileSystemException other) {
      throw new RejectionException(
          new WorkspaceRefused("not_a_folder", "Not a folder: " + path(steps, depth)));
    }
  }

  private static String path(List<String> steps, int depth) {
    return String.join("/", steps.subList(0, depth + 1));
  }

  /**
   * Creates missing directories. The JDK cannot create one relative to an open directory, so each
   * is created next to the tree, where only the service has access, and moved in.
   *
   * @param stagingDirectory directory of the service on the same file system
   */
  void createDirectories(List<String> steps, Path stagingDirectory, OwnershipSetter ownershipSetter)
      throws IOException {
    for (int depth = 0; depth < steps.size(); depth++) {
      var name = Path.of(steps.get(depth));
      inDirectory(
          steps.subList(0, depth),
          folder -> {
            if (exists(folder, name)) return name;
            var fresh = stagingDirectory.resolve(UUID.randomUUID().toString());
            Files.createDirectory(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            ownershipSetter.chown(fresh);
            move(fresh, folder, name);
            return name;
          });
    }
  }

  /** Returns whether there is a directory at the path, which has no links. */
  boolean hasDirectory(List<String> steps) throws IOException {
    try {
      return inDirectory(steps, folder -> true);
    } catch (RejectionException e) {
      return false;
    }
  }

  /** Returns the size of the directories of a path that do not exist. */
  long missingBytes(List<String> folder) throws IOException {
    int existing = folder.size();
    while (existing > 0 && !hasDirectory(folder.subList(0, existing))) existing--;
    return (folder.size() - existing) * DiskUsage.DIRECTORY_BYTES;
  }

  /** Returns the total size of the named files in a directory; zero if it does not exist. */
  long bytes(List<String> folder, List<Path> names) throws IOException {
    try {
      return inDirectory(
          folder,
          directory -> {
            long bytes = 0;
            for (var name : names) bytes += bytes(directory, name);
            return bytes;
          });
    } catch (RejectionException e) {
      return 0;
    }
  }

  private static long bytes(SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try {
      var attributes = SecureDirectories.readAttributes(folder, name);
      return attributes.isRegularFile() ? attributes.size() : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Sets the owner of an entry to the agent's user. */
  interface OwnershipSetter {
    void chown(Path path) throws IOException;
  }

  /**
   * Renames a staged entry into the open directory; an existing entry is replaced, and a link is
   * not followed.
   */
  static void move(Path staged, SecureDirectoryStream<Path> folder, Path name) throws IOException {
    var home = staged.getParent();
    if (home == null) throw new IOException("nothing is staged at a root");
    try (var staging = SecureDirectories.open(home)) {
      staging.move(staged.getFileName(), folder, name);
    }
  }

  private static boolean exists(SecureDirectoryStream<Path> folder, Path name) throws IOException {
    try {
      SecureDirectories.readAttributes(folder, name);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
