package io.agentledger.command.claude.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Resolves a path that an agent names to its real path in the agent's names. Links are followed as
 * the sandbox would follow them, but on the host, where the agent has no influence. The path may
 * change afterwards; the sandbox is the boundary, this is a check before it.
 */
public record AgentPathResolver(SessionPaths sessionPaths, SandboxPaths sandboxPaths) {
  /** Where the model writes its plans, in the workspace: the CLI's own place is closed to it. */
  public static final String PLANS = ".claude/plans";

  private static final int LINKS_MAX = 40;

  /** Blanks as JavaScript has them: the CLI takes them from both ends of a name. */
  private static final String BLANK =
      "[\\t-\\r \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF]";

  private static final Pattern OUTER_BLANKS =
      Pattern.compile("\\A" + BLANK + "+|" + BLANK + "+\\z");

  /**
   * The real path; empty if links go round in circles, if the CLI would open another file under
   * that name, or if no file can have it.
   */
  public Optional<Path> resolve(String agentPath) {
    try {
      return follow(nameForCli(agentPath))
          .filter(real -> nameForCli(real.toString()).equals(real.toString()));
    } catch (InvalidPathException noName) {
      return Optional.empty();
    }
  }

  /** The path that a name is, whatever is there: the CLI follows no link in a sandbox. */
  public Optional<Path> absolutePath(String agentPath) {
    try {
      return Optional.of(absolute(nameForCli(agentPath)));
    } catch (InvalidPathException noName) {
      return Optional.empty();
    }
  }

  private Path absolute(String name) {
    return sandboxPaths.workspace().resolve(expandHome(name)).normalize();
  }

  /** What the CLI makes of a name before it opens it. */
  private static String nameForCli(String name) {
    String trimmed = OUTER_BLANKS.matcher(name).replaceAll("");
    return Normalizer.normalize(trimmed, Normalizer.Form.NFC);
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
        return Optional.of(next); // The host's links from here on say nothing about the box.
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
   * A place on the host.
   *
   * @param root a folder that the agent cannot exchange
   * @param path below it, without links when it was resolved
   */
  public record HostLocation(Path root, Path path) {}

  /** Where a real path of the workspace, or of a folder beside it, lies on the host. */
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

  /** A plan of the model's. */
  public boolean isPlan(Path real) {
    return real.startsWith(sandboxPaths.workspace().resolve(PLANS));
  }

  /** In the workspace, or in the session's own place for temporary files. */
  public boolean isInSessionFiles(Path real) {
    return isInWorkspace(real) || real.startsWith(sandboxPaths.tmp());
  }

  /** In a folder of the host beside the workspace. */
  public boolean isInMount(Path real) {
    return sandboxPaths.findMount(real).isPresent();
  }

  /** In one that may only be looked at. */
  public boolean isReadOnly(Path real) {
    return sandboxPaths.findMount(real).filter(mount -> !mount.directory().writable()).isPresent();
  }

  /** Where nobody has any business: other processes, devices, the CLI's own configuration. */
  public boolean isForbidden(Path real) {
    return forbiddenPaths().anyMatch(real::startsWith);
  }

  /** Whether such a place is somewhere below: who searches there would come through it. */
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
