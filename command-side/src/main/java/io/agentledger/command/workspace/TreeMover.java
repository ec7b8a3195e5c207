package io.agentledger.command.workspace;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.workspace.ContainedTree.Owning;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves a tree of the service's own into one that an agent may rearrange meanwhile: each file in
 * one step, into folders that are opened and never followed to.
 *
 * @param beside where folders are made, on the same file system
 */
record TreeMover(ContainedTree inside, Path beside, Owning owning) {
  void place(Path from, List<String> folder) throws IOException {
    inside.createDirectories(folder, beside, owning);
    var deeper = new ArrayList<Path>();
    inside.at(
        folder,
        open -> {
          moveAll(from, open, deeper);
          return folder;
        });
    for (var sub : deeper) place(sub, below(folder, sub));
  }

  /** How much the files hold that it would replace. */
  long replaced(Path from, List<String> folder) throws IOException {
    long bytes = 0;
    var names = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        names.add(entry.getFileName());
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          bytes += replaced(entry, below(folder, entry));
      }
    }
    return bytes + inside.bytes(folder, names);
  }

  private static List<String> below(List<String> folder, Path entry) {
    var steps = new ArrayList<>(folder);
    steps.add(entry.getFileName().toString());
    return steps;
  }

  private void moveAll(Path from, SecureDirectoryStream<Path> open, List<Path> deeper)
      throws IOException {
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries)
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) deeper.add(entry);
        else move(entry, open);
    }
  }

  private void move(Path entry, SecureDirectoryStream<Path> open) throws IOException {
    owning.chown(entry);
    try {
      ContainedTree.move(entry, open, entry.getFileName());
    } catch (FileSystemException inTheWay) {
      throw new RejectionException(
          new WorkspaceRefused("not_a_file", "A folder stands in the way: " + entry.getFileName()));
    }
  }
}
