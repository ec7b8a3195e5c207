package io.agentledger.command.workspace;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.claude.host.DiskUsage;
import io.agentledger.command.support.SecureDirectories;
import io.agentledger.command.workspace.ContainedTree.OwnershipSetter;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves a tree of the service into one that an agent may change concurrently, into directories that
 * are opened without following links: a directory that the other tree does not have by one rename,
 * and each other file atomically. The entries must belong to the agent's user already.
 *
 * @param source tree of the service
 * @param stagingDirectory directory in which new directories are created, on the same file system
 */
record TreeMover(
    Path source, ContainedTree target, Path stagingDirectory, OwnershipSetter ownershipSetter) {
  /**
   * Checks that each entry can be moved, before the first one is: a file replaces no directory, and
   * a directory no file or link.
   *
   * @return total size of the files that would be replaced, and of the directories that exist
   */
  long requireNoConflict(List<String> folder) throws IOException {
    if (!target.hasDirectory(folder)) return 0;
    return target.inDirectory(folder, directory -> bytesReplaced(source, directory));
  }

  private long bytesReplaced(Path from, SecureDirectoryStream<Path> directory) throws IOException {
    long bytes = 0;
    for (var entry : list(from)) bytes += bytesReplacedBy(entry, directory);
    return bytes;
  }

  private long bytesReplacedBy(Path entry, SecureDirectoryStream<Path> directory)
      throws IOException {
    var replaced = find(directory, entry.getFileName());
    if (replaced.isEmpty()) return 0;
    if (isDirectory(entry)) {
      if (!replaced.get().isDirectory()) throw notAFolder(entry);
      try (var inside = openExisting(directory, entry)) {
        return DiskUsage.DIRECTORY_BYTES + bytesReplaced(entry, inside);
      }
    }
    if (replaced.get().isDirectory()) throw notAFile(entry);
    return replaced.get().isRegularFile() ? replaced.get().size() : 0;
  }

  private SecureDirectoryStream<Path> openExisting(
      SecureDirectoryStream<Path> directory, Path entry) throws IOException {
    try {
      return SecureDirectories.open(directory, entry.getFileName());
    } catch (FileSystemException changed) { // By the agent.
      throw notAFolder(entry);
    }
  }

  /** Lists a directory of the service; a descriptor is needed for each level of the other tree. */
  private static List<Path> list(Path from) throws IOException {
    try (var entries = Files.list(from)) {
      return entries.toList();
    }
  }

  private static Optional<PosixFileAttributes> find(
      SecureDirectoryStream<Path> directory, Path name) throws IOException {
    try {
      return Optional.of(SecureDirectories.readAttributes(directory, name));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean isDirectory(Path entry) {
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
  }

  /** Moves all entries; an agent that changes the other tree meanwhile can cause a conflict. */
  void move(List<String> folder) throws IOException {
    target.createDirectories(folder, stagingDirectory, ownershipSetter);
    target.inDirectory(
        folder,
        directory -> {
          moveContent(source, directory);
          return folder;
        });
  }

  private void moveContent(Path from, SecureDirectoryStream<Path> directory) throws IOException {
    var remaining = new ArrayList<Path>();
    try (var opened = SecureDirectories.open(from)) {
      for (var entry : list(from)) if (!moveEntry(opened, entry, directory)) remaining.add(entry);
    }
    for (var entry : remaining) {
      try (var inside = openExisting(directory, entry)) {
        moveContent(entry, inside);
      }
    }
  }

  /** Moves an entry unless both trees have the directory. */
  private boolean moveEntry(
      SecureDirectoryStream<Path> opened, Path entry, SecureDirectoryStream<Path> directory)
      throws IOException {
    try {
      opened.move(entry.getFileName(), directory, entry.getFileName());
      return true;
    } catch (FileSystemException failed) {
      var existing = find(directory, entry.getFileName());
      if (existing.isEmpty()) throw failed;
      if (isDirectory(entry) && existing.get().isDirectory()) return false;
      if (isDirectory(entry)) throw notAFolder(entry);
      if (existing.get().isDirectory()) throw notAFile(entry);
      throw failed;
    }
  }

  private RejectionException notAFolder(Path entry) {
    return new RejectionException(
        new WorkspaceRefused("not_a_folder", "Not a folder: " + source.relativize(entry)));
  }

  private RejectionException notAFile(Path entry) {
    return new RejectionException(
        new WorkspaceRefused(
            "not_a_file", "There is a folder of this name: " + source.relativize(entry)));
  }
}
