package io.agentledger.command.claude.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a path that an agent names really is, in the agent's own names: links are followed as the
 * agent's box would follow them, but on the host, where the agent cannot answer for us. It may
 * change behind our back; the box is the wall, this is the doorman.
 */
public record AgentPathResolver(SessionPaths session, SandboxPaths view) {
  /** Where the model writes its plans, in the workspace: the CLI's own place is closed to it. */
  public static final String PLANS = ".claude/plans";

  private static final int LINKS_MAX = 40;

  /** The real path; empty if links go round in circles. */
  public Optional<Path> resolve(String named) {
    Path path = view.workspace().resolve(expandHome(named)).normalize();
    Deque<Path> left = new ArrayDeque<>();
    path.forEach(left::add);
    Path at = view.workspace().getRoot();
    int links = 0;
    while (!left.isEmpty()) {
      Path name = left.poll();
      if (name.toString().equals("..")) {
        at = at.getParent() == null ? at : at.getParent();
        continue;
      }
      Path next = at.resolve(name);
      if (isForbidden(next)) {
        return Optional.of(next); // The host's links from here on say nothing about the box.
      }
      Optional<Path> target = linkAt(next);
      if (target.isEmpty()) {
        at = next;
      } else if (++links > LINKS_MAX) {
        return Optional.empty();
      } else {
        at = target.get().isAbsolute() ? view.workspace().getRoot() : at;
        prepend(left, target.get());
      }
    }
    return Optional.of(at);
  }

  private static void prepend(Deque<Path> left, Path target) {
    for (int i = target.getNameCount() - 1; i >= 0; i--) {
      left.push(target.getName(i));
    }
  }

  private String expandHome(String named) {
    return named.startsWith("~/") ? view.home() + named.substring(1) : named;
  }

  private Optional<Path> linkAt(Path inside) {
    Path host = onHost(inside);
    try {
      return Files.isSymbolicLink(host)
          ? Optional.of(Files.readSymbolicLink(host))
          : Optional.empty();
    } catch (IOException vanished) {
      return Optional.empty();
    }
  }

  private Path onHost(Path inside) {
    for (Path[] mount :
        new Path[][] {
          {view.workspace(), session.workspace()},
          {view.home(), session.home()},
          {view.tmp(), session.tmp()}
        }) {
      if (inside.startsWith(mount[0])) {
        return mount[1].resolve(mount[0].relativize(inside));
      }
    }
    return view.mountOf(inside)
        .map(mount -> mount.folder().source().resolve(mount.place().relativize(inside)))
        .orElse(inside);
  }

  public boolean isInWorkspace(Path real) {
    return real.startsWith(view.workspace());
  }

  /** A plan of the model's. */
  public boolean isPlan(Path real) {
    return real.startsWith(view.workspace().resolve(PLANS));
  }

  /** In the workspace, or in the session's own place for temporary files. */
  public boolean isOwn(Path real) {
    return isInWorkspace(real) || real.startsWith(view.tmp());
  }

  /** In a folder of the host beside the workspace. */
  public boolean isInMount(Path real) {
    return view.mountOf(real).isPresent();
  }

  /** In one that may only be looked at. */
  public boolean isReadOnly(Path real) {
    return view.mountOf(real).filter(mount -> !mount.folder().writable()).isPresent();
  }

  /** Where nobody has any business: other processes, devices, the CLI's own configuration. */
  public boolean isForbidden(Path real) {
    return closed().anyMatch(real::startsWith);
  }

  /** Whether such a place is somewhere below: who searches there would come through it. */
  public boolean holdsForbidden(Path real) {
    return closed().anyMatch(place -> place.startsWith(real));
  }

  private Stream<Path> closed() {
    return Stream.of(
        Path.of("/proc"), Path.of("/dev"), Path.of("/sys"), view.config(), view.sockets());
  }
}
