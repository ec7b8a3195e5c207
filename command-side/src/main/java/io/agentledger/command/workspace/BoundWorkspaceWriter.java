package io.agentledger.command.workspace;

import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.FileCondition;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.FileView;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.support.SecureDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes and deletes files in a bound workspace. Conflicts are checked first; then a script makes
 * the change as the directory's owner and cannot reach other files.
 */
record BoundWorkspaceWriter(SessionPaths paths, OwnerScriptRunner scriptRunner)
    implements WorkspaceWriter {
  /**
   * Writes to another name first, so that no partly written file is visible; keeps the mode of a
   * replaced file.
   */
  private static final String PUT =
      """
      mkdir -p -- "./$1" && cat >"./$2" \\
        && { [ ! -f "./$3" ] || [ -L "./$3" ] || chmod --reference="./$3" -- "./$2"; } \\
        && mv -fT -- "./$2" "./$3" || { rm -f -- "./$2"; exit 1; }
      """;

  private static final String REMOVE = "rm -fd -- \"./$1\"";

  private static final String UNPACK =
      """
      mkdir -p -- "./$1" && cd -- "./$1" && exec tar -xzpf - --no-same-owner --no-overwrite-dir
      """;

  @Override
  public FileView put(Path staged, FilePath path, FileCondition condition) throws IOException {
    requireCondition(path, condition);
    requireNoConflict(path.folders(), path.name());
    String folder = String.join("/", path.folders());
    String fresh = folder + "/.put-" + UUID.randomUUID();
    scriptRunner.run(
        paths, PUT, List.of(folder, fresh, path.toString()), out -> Files.copy(staged, out));
    Files.deleteIfExists(staged);
    return containedTree().inDirectory(path.folders(), in -> new WorkspaceEntry(in, path).view());
  }

  private void requireCondition(FilePath path, FileCondition condition) throws IOException {
    if (condition instanceof FileCondition.None) return;
    if (condition instanceof FileCondition.Absent && !exists(path.folders())) return;
    containedTree()
        .inDirectory(
            path.folders(),
            folder -> {
              new WorkspaceEntry(folder, path).require(condition);
              return path;
            });
  }

  @Override
  public void delete(FilePath path, FileCondition condition) throws IOException {
    containedTree()
        .inDirectory(
            path.folders(),
            folder -> {
              var workspaceEntry = new WorkspaceEntry(folder, path);
              var attributes = workspaceEntry.attributes();
              workspaceEntry.require(condition);
              if (attributes.isDirectory()) requireEmpty(folder, path);
              return path;
            });
    scriptRunner.run(paths, REMOVE, List.of(path.toString()), out -> {});
  }

  private static void requireEmpty(SecureDirectoryStream<Path> folder, FilePath path)
      throws IOException {
    try (var inside = SecureDirectories.open(folder, Path.of(path.name()))) {
      if (inside.iterator().hasNext())
        throw new RejectionException(new WorkspaceRefused("not_empty", "Not empty: " + path));
    }
  }

  private ContainedTree containedTree() {
    return new ContainedTree(paths.workspace());
  }

  @Override
  public void moveIn(UnpackedTree unpacked, List<String> folder) throws IOException {
    requireNoConflict(unpacked.root(), folder);
    scriptRunner.run(
        paths,
        UNPACK,
        List.of(String.join("/", folder)),
        out -> new TarGzPacker(unpacked.root(), Long.MAX_VALUE).writeTo(out));
  }

  private void requireNoConflict(Path from, List<String> folder) throws IOException {
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          var steps = new ArrayList<>(folder);
          steps.add(name);
          if (exists(steps)) requireNoConflict(entry, steps);
        } else {
          requireNoConflict(folder, name);
        }
      }
    }
  }

  /** Returns whether the directory exists; rejects an entry of another kind. */
  private boolean exists(List<String> steps) throws IOException {
    try {
      return containedTree().inDirectory(steps, folder -> true);
    } catch (RejectionException e) {
      if (e.rejection() instanceof NotFound) return false;
      throw e;
    }
  }

  private void requireNoConflict(List<String> folder, String name) throws IOException {
    if (!exists(folder)) return;
    boolean conflict =
        containedTree().inDirectory(folder, directory -> isFolder(directory, Path.of(name)));
    if (conflict)
      throw new RejectionException(
          new WorkspaceRefused("not_a_file", "There is a folder of this name: " + name));
  }

  private static boolean isFolder(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    try {
      return SecureDirectories.readAttributes(directory, name).isDirectory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
