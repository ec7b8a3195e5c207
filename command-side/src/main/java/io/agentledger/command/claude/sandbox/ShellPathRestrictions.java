package io.agentledger.command.claude.sandbox;

import io.agentledger.store.permission.DeniedPaths;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What rules close in the box of each shell command, as the script reads it that makes these boxes:
 * what is outside comes before what is in it. Folders that lead to a closed place are pinned, since
 * a mount point cannot be renamed and what is above it can.
 */
public final class ShellPathRestrictions {
  /** Of them together: each is a mount for each command. */
  public static final int PLACES_MAX = 256;

  /** What is done with a place; the script knows each by its name. */
  private enum Way {
    /** Mounted where it is, so that it has its name for good. */
    PIN,
    /** Nobody looks into it, and nothing is made where nothing is. */
    HIDE,
    /** The same where nothing can be made: there it counts only if it is there. */
    MASK,
    /** Nobody writes to it. */
    KEEP
  }

  private static final Set<Way> HIDDEN = EnumSet.of(Way.HIDE, Way.MASK);

  private final TreeMap<String, Way> ways = new TreeMap<>();

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
    sandboxPaths.beside().forEach(mount -> roots.put(mount.place(), mount.folder().writable()));
    ShellPathRestrictions shellPathRestrictions = new ShellPathRestrictions();
    TreeSet<String> places = new TreeSet<>(deniedPaths.hidden());
    places.addAll(deniedPaths.kept());
    for (String each : places) { // A folder stands before what is in it.
      boolean hidden = deniedPaths.hidden().contains(each);
      Path place = Path.of(each);
      for (Path root : roots.keySet()) {
        if (place.startsWith(root)) {
          shellPathRestrictions.close(place, hidden, root, roots.get(root));
        } else if (root.startsWith(place)) {
          shellPathRestrictions.close(root, hidden, root, roots.get(root));
        }
      }
    }
    return shellPathRestrictions;
  }

  private void close(Path place, boolean hidden, Path root, boolean writable) {
    List<Path> above = between(root, place);
    if (isAny(place, HIDDEN) || above.stream().anyMatch(path -> isAny(path, HIDDEN))) {
      return;
    }
    boolean free = writable && above.stream().noneMatch(path -> isAny(path, Set.of(Way.KEEP)));
    if (free) {
      above.stream().skip(1).forEach(path -> ways.putIfAbsent(path.toString(), Way.PIN));
    }
    if (hidden) {
      ways.put(place.toString(), free ? Way.HIDE : Way.MASK);
    } else if (free) {
      ways.put(place.toString(), Way.KEEP);
    }
  }

  private boolean isAny(Path place, Set<Way> some) {
    Way way = ways.get(place.toString());
    return way != null && some.contains(way);
  }

  /** The folders that the place is in, from the root on. */
  private static List<Path> between(Path root, Path place) {
    List<Path> above = new ArrayList<>();
    for (int depth = root.getNameCount(); depth < place.getNameCount(); depth++) {
      above.add(Path.of("/").resolve(place.subpath(0, depth)));
    }
    return above;
  }

  /** Whether there are more than a command can pay for. */
  public boolean areTooMany() {
    return ways.size() > PLACES_MAX;
  }

  /** A line each: the way, the place, and what the kernel calls it. */
  public String text() {
    return ways.entrySet().stream()
        .map(
            each ->
                "%s\t%s\t%s\n"
                    .formatted(
                        each.getValue().name().toLowerCase(Locale.ROOT),
                        each.getKey(),
                        each.getKey().replace("\\", "\\134").replace(" ", "\\040")))
        .collect(Collectors.joining());
  }
}
