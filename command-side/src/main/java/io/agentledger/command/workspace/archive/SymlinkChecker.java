package io.agentledger.command.workspace.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Follows links on paper, step by step as the kernel would, within a tree that nobody else can
 * change. A link to nothing stays inside if the nothing does.
 */
public record SymlinkChecker(Path root) {
  /** As many as Linux follows. */
  private static final int LINKS_MAX = 40;

  public boolean staysInside(Path link) throws IOException {
    Deque<Path> ahead = new ArrayDeque<>();
    prepend(root.relativize(link), ahead);
    var here = root;
    int followed = 0;
    while (!ahead.isEmpty()) {
      var step = ahead.pop();
      if (step.toString().isEmpty() || step.toString().equals(".")) continue;
      if (step.toString().equals("..")) {
        if (here.equals(root)) return false;
        here = Objects.requireNonNull(here.getParent(), "below the root");
        continue;
      }
      var next = here.resolve(step);
      if (!Files.isSymbolicLink(next)) {
        here = next;
        continue;
      }
      var target = Files.readSymbolicLink(next);
      if (target.isAbsolute() || ++followed > LINKS_MAX) return false;
      prepend(target, ahead);
    }
    return true;
  }

  private static void prepend(Path path, Deque<Path> ahead) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) ahead.push(path.getName(i));
  }
}
