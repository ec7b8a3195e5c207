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
      inside()
          .at(
              path.folders(),
              folder -> {
                new WorkspaceEntry(folder, path).refuseChanged(ifMatch);
                return path;
              });
    refuseWhatIsInTheWay(path.folders(), path.name());
    String folder = String.join("/", path.folders());
    String fresh = folder + "/.put-" + UUID.randomUUID();
    hand.does(tree, PUT, List.of(folder, fresh, path.toString()), out -> Files.copy(staged, out));
    Files.deleteIfExists(staged);
    return inside().at(path.folders(), in -> new WorkspaceEntry(in, path).view());
  }

  @Override
  public void delete(FilePath path, @Nullable String ifMatch) throws IOException {
    inside()
        .at(
            path.folders(),
            folder -> {
              var standing = new WorkspaceEntry(folder, path);
              var found = standing.found();
              standing.refuseChanged(ifMatch);
              if (found.isDirectory()) refuseFilled(folder, path);
              return path;
            });
    hand.does(tree, REMOVE, List.of(path.toString()), out -> {});
  }

  private static void refuseFilled(SecureDirectoryStream<Path> folder, FilePath path)
      throws IOException {
    try (var inside = SecureDirectories.open(folder, Path.of(path.name()))) {
      if (inside.iterator().hasNext())
        throw new RejectionException(new WorkspaceRefused("not_empty", "Not empty: " + path));
    }
  }

  private ContainedTree inside() {
    return new ContainedTree(tree.workspace());
  }

  @Override
  public void place(Path unpacked, List<String> folder) throws IOException {
    refuseWhatIsInTheWay(unpacked, folder);
    hand.does(
        tree,
        UNPACK,
        List.of(String.join("/", folder)),
        out -> new TarGzPacker(unpacked).into(out));
  }

  private void refuseWhatIsInTheWay(Path from, List<String> folder) throws IOException {
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          var steps = new ArrayList<>(folder);
          steps.add(name);
          if (isThere(steps)) refuseWhatIsInTheWay(entry, steps);
        } else {
          refuseWhatIsInTheWay(folder, name);
        }
      }
    }
  }

  /** Whether there is such a folder; anything else that stands there is refused. */
  private boolean isThere(List<String> steps) throws IOException {
    try {
      return inside().at(steps, folder -> true);
    } catch (RejectionException no) {
      if (no.rejection() instanceof NotFound) return false;
      throw no;
    }
  }

  private void refuseWhatIsInTheWay(List<String> folder, String name) throws IOException {
    if (!isThere(folder)) return;
    boolean inTheWay = inside().at(folder, open -> isFolder(open, Path.of(name)));
    if (inTheWay)
      throw new RejectionException(
          new WorkspaceRefused("not_a_file", "A folder stands in the way: " + name));
  }

  private static boolean isFolder(SecureDirectoryStream<Path> open, Path name) throws IOException {
    try {
      return SecureDirectories.found(open, name).isDirectory();
    } catch (NoSuchFileException none) {
      return false;
    }
  }
}
