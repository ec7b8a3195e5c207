package io.agentledger.command.claude.sandbox;

import io.agentledger.store.permission.DeniedPaths;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Paths that rules close in the sandbox of each shell command, in the form that {@code
 * shell-sandbox} reads, outer paths before inner ones. Directories that lead to a closed path are
 * pinned, because a mount point cannot be renamed but a directory above it can.
 */
public final class ShellPathRestrictions {
  /** Maximum number of paths: each one is a mount for each command. */
  public static final int PATHS_MAX = 256;

  /**
   * Maximum total length of the paths. A sandbox gets them in one environment variable, which Linux
   * limits to 128 KiB; the variable of the CLI's sandbox contains two such lists.
   */
  public static final int NAME_BYTES_MAX = 60_000;

  /** No restrictions. */
  public static final ShellPathRestrictions NONE = new ShellPathRestrictions();

  /** Kind of restriction on a path; the script reads its name in lower case. */
  enum Restriction {
    /** Mounted over itself, so that it cannot be renamed. */
    PIN,
    /** Unreadable; a path that does not exist cannot be created. */
    HIDE,
    /** Unreadable if it exists; for directories in which nothing can be created. */
    MASK,
    /** Read-only. */
    PROTECT
  }

  private static final Set<Restriction> HIDDEN = EnumSet.of(Restriction.HIDE, Restriction.MASK);

  private final TreeMap<String, Restriction> restrictions = new TreeMap<>();

  private ShellPathRestrictions() {}

  /**
   * Creates the restrictions for the denied paths that exist in the session's sandbox. Other paths
   * are not visible to a command, and each command has its own home.
   */
  public static ShellPathRestrictions create(DeniedPaths deniedPaths, SandboxPaths sandboxPaths) {
    Map<Path, Boolean> roots =
        new TreeMap<>(Map.of(Path.of("/etc"), false, Path.of("/usr"), false));
    roots.put(sandboxPaths.skills(), false);
    roots.put(sandboxPaths.workspace(), sandboxPaths.writableFolders().isEmpty());
    sandboxPaths
        .writableFolders()
        .forEach(name -> roots.put(sandboxPaths.workspace().resolve(name), true));
    roots.put(sandboxPaths.tmp(), true);
    sandboxPaths
        .mounts()
        .forEach(mount -> roots.put(mount.mountPoint(), mount.directory().writable()));
    ShellPathRestrictions shellPathRestrictions = new ShellPathRestrictions();
    TreeSet<String> paths = new TreeSet<>(deniedPaths.hidden());
    paths.addAll(deniedPaths.readOnly());
    for (String path : paths) { // A directory is sorted before its content.
      boolean hidden = deniedPaths.hidden().contains(path);
      Path target = Path.of(path);
      for (Path root : roots.keySet()) {
        if (target.startsWith(root) && !isInNestedRoot(target, root, roots.keySet())) {
          shellPathRestrictions.restrict(target, hidden, root, roots.get(root));
        } else if (root.startsWith(target)) {
          shellPathRestrictions.restrict(root, hidden, root, roots.get(root));
        }
      }
    }
    return shellPathRestrictions;
  }

  /** Returns whether the path is in another root, which is in this one. */
  private static boolean isInNestedRoot(Path path, Path root, Set<Path> roots) {
    return roots.stream()
        .anyMatch(other -> !other.equals(root) && other.startsWith(root) && path.startsWith(other));
  }

  private void restrict(Path target, boolean hidden, Path root, boolean writable) {
    List<Path> above = ancestors(root, target);
    if (hasRestriction(target, HIDDEN)
        || above.stream().anyMatch(path -> hasRestriction(path, HIDDEN))) {
      return;
    }
    boolean isWritable =
        writable
            && above.stream().noneMatch(path -> hasRestriction(path, Set.of(Restriction.PROTECT)));
    if (isWritable) {
      above.stream()
          .skip(1)
          .forEach(path -> restrictions.putIfAbsent(path.toString(), Restriction.PIN));
    }
    if (hidden) {
      restrictions.put(target.toString(), isWritable ? Restriction.HIDE : Restriction.MASK);
    } else if (isWritable) {
      restrictions.put(target.toString(), Restriction.PROTECT);
    }
  }

  private boolean hasRestriction(Path path, Set<Restriction> candidates) {
    Restriction restriction = restrictions.get(path.toString());
    return restriction != null && candidates.contains(restriction);
  }

  /** Returns the parent directories of the path, from the root down. */
  private static List<Path> ancestors(Path root, Path path) {
    List<Path> above = new ArrayList<>();
    for (int depth = root.getNameCount(); depth < path.getNameCount(); depth++) {
      above.add(Path.of("/").resolve(path.subpath(0, depth)));
    }
    return above;
  }

  /** Returns whether there are more restrictions than a command can have. */
  public boolean exceedsLimit() {
    return restrictions.size() > PATHS_MAX || nameBytes() > NAME_BYTES_MAX;
  }

  private int nameBytes() {
    return restrictions.keySet().stream()
        .mapToInt(path -> kernelName(path).getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  /**
   * Returns one line per restriction: its kind, the path, and the path in the kernel's notation.
   */
  public String toText() {
    return restrictions.entrySet().stream()
        .map(
            entry ->
                "%s\t%s\t%s\n"
                    .formatted(
                        entry.getValue().name().toLowerCase(Locale.ROOT),
                        entry.getKey(),
                        kernelName(entry.getKey())))
        .collect(Collectors.joining());
  }

  /** Returns the path as it appears in the kernel's list of mounts. */
  static String kernelName(String path) {
    return path.replace("\\", "\\134").replace(" ", "\\040");
  }

  /** Returns the restricted paths, outer paths first. */
  SortedMap<String, Restriction> closed() {
    TreeMap<String, Restriction> closed = new TreeMap<>(restrictions);
    closed.values().removeIf(restriction -> restriction == Restriction.PIN);
    return closed;
  }
}
