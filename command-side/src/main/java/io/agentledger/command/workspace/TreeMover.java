package io.agentledger.command.workspace;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.support.SecureDirectories;
import io.agentledger.command.workspace.ContainedTree.OwnershipSetter;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves a tree of the service into one that an agent may change concurrently, into directories that
 * are opened without following links: a directory that the other tree does not have by one rename,
 * and each other file atomically. The entries must belong to the agent's user already.
 *
 * @param stagingDirectory directory in which new directories are created, on the same file system
 */
record TreeMover(ContainedTree target, Path stagingDirectory, OwnershipSetter ownershipSetter) {
  void move(Path from, List<String> folder) throws IOException {
    target.createDirectories(folder, stagingDirectory, ownershipSetter);
    moveContent(from, folder);
  }

  private void moveContent(Path from, List<String> folder) throws IOException {
    var merged = new ArrayList<Path>();
    target.inDirectory(
        folder,
        directory -> {
          moveContent(from, directory, merged);
          return folder;
        });
    for (var sub : merged) moveContent(sub, resolve(folder, sub));
  }

  /** Returns the total size of the files that would be replaced. */
  long bytesReplaced(Path from, List<String> folder) throws IOException {
    if (!target.hasDirectory(folder)) return 0;
    long bytes = 0;
    var names = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        names.add(entry.getFileName());
        if (isDirectory(entry)) bytes += bytesReplaced(entry, resolve(folder, entry));
      }
    }
    return bytes + target.bytes(folder, names);
  }

  private static boolean isDirectory(Path entry) {
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<String> resolve(List<String> folder, Path entry) {
    var steps = new ArrayList<>(folder);
    steps.add(entry.getFileName().toString());
    return steps;
  }

  /**
   * Moves all entries.
   *
   * @param merged gets the directories that the other tree has, too
   */
  private static void moveContent(
      Path from, SecureDirectoryStream<Path> directory, List<Path> merged) throws IOException {
    try (var source = SecureDirectories.open(from);
        var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        try {
          source.move(entry.getFileName(), directory, entry.getFileName());
        } catch (FileSystemException exists) {
          if (!isDirectory(entry)) throw notAFile(entry);
          merged.add(entry);
        }
      }
    }
  }

  private static RejectionException notAFile(Path entry) {
    return new RejectionException(
        new WorkspaceRefused(
            "not_a_file", "There is a folder of this name: " + entry.getFileName()));
  }
}
