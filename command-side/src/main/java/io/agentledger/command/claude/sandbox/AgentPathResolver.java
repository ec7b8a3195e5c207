package io.agentledger.command.claude.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Resolves a path that an agent gives to the real path inside the sandbox. Links are followed as
 * the sandbox would follow them, but on the host, where the agent has no influence. The path may
 * change afterwards, so this is an early check; the sandbox enforces the boundary.
 */
public record AgentPathResolver(SessionPaths sessionPaths, SandboxPaths sandboxPaths) {
  /**
   * Directory in the workspace where the model writes its plans, because the CLI's own directory is
   * denied to it.
   */
  public static final String PLANS = ".claude/plans";

  private static final int LINKS_MAX = 40;

  /** White space as JavaScript defines it: the CLI trims it from both ends of a file name. */
  private static final String BLANKS =
      "\t\n\u000B\f\r \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A"
          + "\u2028\u2029\u202F\u205F\u3000\uFEFF";

  /** Maximum length of a path: {@code PATH_MAX} of Linux. */
  public static final int LENGTH_MAX = 4096;

  /**
   * Returns the real path; empty if the links form a cycle, if the CLI would open another file
   * under that name, or if the name is not a valid file name or too long for one.
   */
  public Optional<Path> resolve(String agentPath) {
    if (agentPath.length() > LENGTH_MAX) return Optional.empty();
    try {
      return follow(nameForCli(agentPath))
          .filter(real -> nameForCli(real.toString()).equals(real.toString()));
    } catch (InvalidPathException noName) {
      return Optional.empty();
    }
  }

  /**
   * Returns the absolute path of a name without resolving links: the CLI follows no link in a
   * sandbox.
   */
  public Optional<Path> absolutePath(String agentPath) {
    if (agentPath.length() > LENGTH_MAX) return Optional.empty();
    try {
      return Optional.of(absolute(nameForCli(agentPath)));
    } catch (InvalidPathException noName) {
      return Optional.empty();
    }
  }

  private Path absolute(String name) {
    return sandboxPaths.workspace().resolve(expandHome(name)).normalize();
  }

  /** Converts a name as the CLI does before it opens the file. */
  private static String nameForCli(String name) {
    int start = 0;
    int end = name.length();
    while (start < end && isBlank(name.charAt(start))) start++;
    while (end > start && isBlank(name.charAt(end - 1))) end--;
    return Normalizer.normalize(name.substring(start, end), Normalizer.Form.NFC);
  }

  private static boolean isBlank(char character) {
    return BLANKS.indexOf(character) >= 0;
  }

  private Optional<Path> follow(String name) {
    Deque<Path> remaining = new ArrayDeque<>();
    absolute(name).forEach(remaining::add);
    Path current = sandboxPaths.workspace().getRoot();
    int links = 0;
    while (!remaining.isEmpty()) {
      Path step = remaining.poll();
      if (step.toString().equals("..")) {
        current = current.getParent() == null ? current : current.getParent();
        continue;
      }
      Path next = current.resolve(step);
      if (isForbidden(next)) {
        Path whole = remaining.stream().reduce(next, Path::resolve).normalize();
        return Optional.of(isSkill(whole) ? whole : next); // No links of the host apply there.
      }
      Optional<Path> target = readLink(next);
      if (target.isEmpty()) {
        current = next;
      } else if (++links > LINKS_MAX) {
        return Optional.empty();
      } else {
        current = target.get().isAbsolute() ? sandboxPaths.workspace().getRoot() : current;
        prepend(remaining, target.get());
      }
    }
    return Optional.of(current);
  }

  private static void prepend(Deque<Path> remaining, Path target) {
    for (int i = target.getNameCount() - 1; i >= 0; i--) {
      remaining.push(target.getName(i));
    }
  }

  private String expandHome(String agentPath) {
    return agentPath.equals("~") || agentPath.startsWith("~/")
        ? sandboxPaths.home() + agentPath.substring(1)
        : agentPath;
  }

  private Optional<Path> readLink(Path inside) {
    Path host = toHostPath(inside);
    try {
      return Files.isSymbolicLink(host)
          ? Optional.of(Files.readSymbolicLink(host))
          : Optional.empty();
    } catch (IOException vanished) {
      return Optional.empty();
    }
  }

  private Path toHostPath(Path inside) {
    for (Path[] mount :
        new Path[][] {
          {sandboxPaths.workspace(), sessionPaths.workspace()},
          {sandboxPaths.home(), sessionPaths.home()},
          {sandboxPaths.tmp(), sessionPaths.tmp()}
        }) {
      if (inside.startsWith(mount[0])) {
        return mount[1].resolve(mount[0].relativize(inside));
      }
    }
    return sandboxPaths
        .findMount(inside)
        .map(mount -> mount.directory().source().resolve(mount.mountPoint().relativize(inside)))
        .orElse(inside);
  }

  /**
   * Location of a file on the host.
   *
   * @param root a directory that the agent cannot replace
   * @param path path below the root; it contained no links when it was resolved
   */
  public record HostLocation(Path root, Path path) {}

  /** Returns the location on the host of a real path of the workspace or of a mounted directory. */
  public Optional<HostLocation> locate(Path real) {
    return isInWorkspace(real)
        ? Optional.of(
            new HostLocation(sessionPaths.workspace(), sandboxPaths.workspace().relativize(real)))
        : sandboxPaths
            .findMount(real)
            .map(
                mount ->
                    new HostLocation(
                        mount.directory().source(), mount.mountPoint().relativize(real)));
  }

  public boolean isInWorkspace(Path real) {
    return real.startsWith(sandboxPaths.workspace());
  }

  /** Returns whether the path is a skill of the session, a folder of them, or a file in it. */
  public boolean isSkill(Path real) {
    return real.startsWith(sandboxPaths.skills());
  }

  /** Returns whether the path is a plan of the model. */
  public boolean isPlan(Path real) {
    return real.startsWith(sandboxPaths.workspace().resolve(PLANS));
  }

  /**
   * Returns whether the path is in the workspace, in the session's directory for temporary files or
   * in one of its skills.
   */
  public boolean isInSessionFiles(Path real) {
    return isInWorkspace(real) || real.startsWith(sandboxPaths.tmp()) || isSkill(real);
  }

  /** Returns whether the path is in a mounted directory of the host. */
  public boolean isInMount(Path real) {
    return sandboxPaths.findMount(real).isPresent();
  }

  /**
   * Returns why the path cannot be written, if it is in a mounted directory, or in a part of the
   * workspace, that is read-only.
   */
  public Optional<String> readOnlyReason(Path real) {
    if (sandboxPaths.isReadOnlyInWorkspace(real)) {
      return Optional.of(
          "in the workspace the agent may write to %s only"
              .formatted(String.join(", ", sandboxPaths.writableFolders())));
    }
    return sandboxPaths
        .findMount(real)
        .filter(mount -> !mount.directory().writable())
        .map(mount -> "the mounted directory is read-only");
  }

  /**
   * Returns whether the path is denied to every agent: other processes, devices, the CLI's own
   * configuration. Its skills are part of that; agents may read them.
   */
  public boolean isForbidden(Path real) {
    return forbiddenPaths().anyMatch(real::startsWith);
  }

  /**
   * Returns whether the directory contains a forbidden path, which a recursive search would read.
   */
  public boolean containsForbidden(Path real) {
    return forbiddenPaths().anyMatch(path -> path.startsWith(real));
  }

  private Stream<Path> forbiddenPaths() {
    return Stream.of(
        Path.of("/proc"),
        Path.of("/dev"),
        Path.of("/sys"),
        Path.of("/run"),
        sandboxPaths.config(),
        sandboxPaths.sockets());
  }
}
