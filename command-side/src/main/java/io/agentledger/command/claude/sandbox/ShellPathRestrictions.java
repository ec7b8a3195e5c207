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
  /** Of them together: each is a mount for each command. */
  public static final int PATHS_MAX = 256;

  /**
   * Of their names together. They reach a box as one variable, which Linux holds to 128 KiB; the
   * CLI's has two such lists in it.
   */
  public static final int NAME_BYTES_MAX = 60_000;

  /** Nothing is closed. */
  public static final ShellPathRestrictions NONE = new ShellPathRestrictions();

  /** Kind of restriction on a path, by the name that the script knows. */
  enum Restriction {
    /** Mounted where it is, so that it has its name for good. */
    PIN,
    /** Nobody looks into it, and nothing is made where nothing is. */
    HIDE,
    /** The same where nothing can be made: there it counts only if it is there. */
    MASK,
    /** Nobody writes to it. */
    PROTECT
  }

  private static final Set<Restriction> HIDDEN = EnumSet.of(Restriction.HIDE, Restriction.MASK);

  private final TreeMap<String, Restriction> restrictions = new TreeMap<>();

  private ShellPathRestrictions() {}

  /**
   * Of what is closed, what there is in the session's box. The rest is not there for any command,
   * which has a home of its own besides.
   */
  public static ShellPathRestrictions create(DeniedPaths deniedPaths, SandboxPaths sandboxPaths) {
    Map<Path, Boolean> roots =
        new TreeMap<>(Map.of(Path.of("/etc"), false, Path.of("/usr"), false));
    roots.put(sandboxPaths.workspace(), true);
    roots.put(sandboxPaths.tmp(), true);
    sandboxPaths
        .mounts()
        .forEach(mount -> roots.put(mount.mountPoint(), mount.directory().writable()));
    ShellPathRestrictions shellPathRestrictions = new ShellPathRestrictions();
    TreeSet<String> paths = new TreeSet<>(deniedPaths.hidden());
    paths.addAll(deniedPaths.readOnly());
    for (String path : paths) { // A folder stands before what is in it.
      boolean hidden = deniedPaths.hidden().contains(path);
      Path target = Path.of(path);
      for (Path root : roots.keySet()) {
        if (target.startsWith(root)) {
          shellPathRestrictions.restrict(target, hidden, root, roots.get(root));
        } else if (root.startsWith(target)) {
          shellPathRestrictions.restrict(root, hidden, root, roots.get(root));
        }
      }
    }
    return shellPathRestrictions;
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

  /** The folders that the place is in, from the root on. */
  private static List<Path> ancestors(Path root, Path path) {
    List<Path> above = new ArrayList<>();
    for (int depth = root.getNameCount(); depth < path.getNameCount(); depth++) {
      above.add(Path.of("/").resolve(path.subpath(0, depth)));
    }
    return above;
  }

  /** Whether there are more than a command can pay for. */
  public boolean exceedsLimit() {
    return restrictions.size() > PATHS_MAX || nameBytes() > NAME_BYTES_MAX;
  }

  private int nameBytes() {
    return restrictions.keySet().stream()
        .mapToInt(path -> kernelName(path).getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  /** A line each: the way, the place, and what the kernel calls it. */
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

  /** As the kernel's list of mounts has it. */
  static String kernelName(String path) {
    return path.replace("\\", "\\134").replace(" ", "\\040");
  }

  /** The places that are closed, the outer ones first. */
  SortedMap<String, Restriction> closed() {
    TreeMap<String, Restriction> closed = new TreeMap<>(restrictions);
    closed.values().removeIf(restriction -> restriction == Restriction.PIN);
    return closed;
  }
}
