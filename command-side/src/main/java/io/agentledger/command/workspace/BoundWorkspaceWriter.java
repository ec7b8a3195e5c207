package io.agentledger.command.workspace;

import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
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
import org.jspecify.annotations.Nullable;

/**
 * Puts files into a workspace that is bound in place, and takes them out. What stands in the way is
 * looked at first; then it is its owner's hand that does it, which cannot reach anything else.
 */
record BoundWorkspaceWriter(SessionPaths tree, OwnerScriptRunner hand) implements WorkspaceWriter {
  /** Under another name first, so that nobody sees half a file; what it replaces says its mode. */
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
  public FileView put(Path staged, FilePath path, @Nullable String ifMatch) throws IOException {
    if (ifMatch != null)
      contained()
          .at(
              path.folders(),
              folder -> {
                new WorkspaceEntry(folder, path).requireUnchanged(ifMatch);
                return path;
              });
    requireNothingInTheWay(path.folders(), path.name());
    String folder = String.join("/", path.folders());
    String fresh = folder + "/.put-" + UUID.randomUUID();
    hand.run(tree, PUT, List.of(folder, fresh, path.toString()), out -> Files.copy(staged, out));
    Files.deleteIfExists(staged);
    return contained().at(path.folders(), in -> new WorkspaceEntry(in, path).view());
  }

  @Override
  public void delete(FilePath path, @Nullable String ifMatch) throws IOException {
    contained()
        .at(
            path.folders(),
            folder -> {
              var workspaceEntry = new WorkspaceEntry(folder, path);
              var found = workspaceEntry.attributes();
              workspaceEntry.requireUnchanged(ifMatch);
              if (found.isDirectory()) requireEmpty(folder, path);
              return path;
            });
    hand.run(tree, REMOVE, List.of(path.toString()), out -> {});
  }

  private static void requireEmpty(SecureDirectoryStream<Path> folder, FilePath path)
      throws IOException {
    try (var inside = SecureDirectories.open(folder, Path.of(path.name()))) {
      if (inside.iterator().hasNext())
        throw new RejectionException(new WorkspaceRefused("not_empty", "Not empty: " + path));
    }
  }

  private ContainedTree contained() {
    return new ContainedTree(tree.workspace());
  }

  @Override
  public void place(Path unpacked, List<String> folder) throws IOException {
    requireNothingInTheWay(unpacked, folder);
    hand.run(
        tree,
        UNPACK,
        List.of(String.join("/", folder)),
        out -> new TarGzPacker(unpacked).into(out));
  }

  private void requireNothingInTheWay(Path from, List<String> folder) throws IOException {
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          var steps = new ArrayList<>(folder);
          steps.add(name);
          if (isThere(steps)) requireNothingInTheWay(entry, steps);
        } else {
          requireNothingInTheWay(folder, name);
        }
      }
    }
  }

  /** Whether there is such a folder; anything else that stands there is refused. */
  private boolean isThere(List<String> steps) throws IOException {
    try {
      return contained().at(steps, folder -> true);
    } catch (RejectionException no) {
      if (no.rejection() instanceof NotFound) return false;
      throw no;
    }
  }

  private void requireNothingInTheWay(List<String> folder, String name) throws IOException {
    if (!isThere(folder)) return;
    boolean inTheWay = contained().at(folder, open -> isFolder(open, Path.of(name)));
    if (inTheWay)
      throw new RejectionException(
          new WorkspaceRefused("not_a_file", "A folder stands in the way: " + name));
  }

  private static boolean isFolder(SecureDirectoryStream<Path> open, Path name) throws IOException {
    try {
      return SecureDirectories.readAttributes(open, name).isDirectory();
    } catch (NoSuchFileException none) {
      return false;
    }
  }
}
