package io.agentledger.command.workspace;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
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
 * Moves a tree of the service into one that an agent may change concurrently: each file atomically,
 * into directories that are opened without following links.
 *
 * @param stagingDirectory directory in which new directories are created, on the same file system
 */
record TreeMover(ContainedTree target, Path stagingDirectory, OwnershipSetter ownershipSetter) {
  void move(Path from, List<String> folder) throws IOException {
    target.createDirectories(folder, stagingDirectory, ownershipSetter);
    var folders = new ArrayList<Path>();
    target.inDirectory(
        folder,
        directory -> {
          moveAll(from, directory, folders);
          return folder;
        });
    for (var sub : folders) move(sub, resolve(folder, sub));
  }

  /** Returns the total size of the files that would be replaced. */
  long bytesReplaced(Path from, List<String> folder) throws IOException {
    long bytes = 0;
    var names = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        names.add(entry.getFileName());
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          bytes += bytesReplaced(entry, resolve(folder, entry));
      }
    }
    return bytes + target.bytes(folder, names);
  }

  private static List<String> resolve(List<String> folder, Path entry) {
    var steps = new ArrayList<>(folder);
    steps.add(entry.getFileName().toString());
    return steps;
  }

  private void moveAll(Path from, SecureDirectoryStream<Path> directory, List<Path> folders)
      throws IOException {
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries)
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) folders.add(entry);
        else move(entry, directory);
    }
  }

  private void move(Path entry, SecureDirectoryStream<Path> directory) throws IOException {
    ownershipSetter.chown(entry);
    try {
      ContainedTree.move(entry, directory, entry.getFileName());
    } catch (FileSystemException e) {
      throw new RejectionException(
          new WorkspaceRefused(
              "not_a_file", "There is a folder of this name: " + entry.getFileName()));
    }
  }
}
