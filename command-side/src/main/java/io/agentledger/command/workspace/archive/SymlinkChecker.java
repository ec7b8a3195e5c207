package io.agentledger.command.workspace.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Resolves links step by step as the kernel does, without opening them, in a tree that only the
 * service can change. A link to a missing path inside the tree is inside.
 */
public record SymlinkChecker(Path root) {
  /** The limit of Linux. */
  private static final int LINKS_MAX = 40;

  public boolean isInside(Path link) throws IOException {
    Deque<Path> pending = new ArrayDeque<>();
    prepend(root.relativize(link), pending);
    var here = root;
    int followed = 0;
    while (!pending.isEmpty()) {
      var step = pending.pop();
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
      prepend(target, pending);
    }
    return true;
  }

  private static void prepend(Path path, Deque<Path> pending) {
    for (int i = path.getNameCount() - 1; i >= 0; i--) pending.push(path.getName(i));
  }
}
