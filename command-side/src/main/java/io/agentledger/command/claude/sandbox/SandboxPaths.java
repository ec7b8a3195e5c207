package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.HostDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Paths of a session as its CLI sees them.
 *
 * @param shellPrefix the program that runs every shell command of the agent, if there is a nested
 *     sandbox
 * @param writableFolders folders of the workspace that are writable; empty: all of it
 */
public record SandboxPaths(
    Path workspace,
    Path home,
    Path tmp,
    Path sockets,
    Path executable,
    Optional<Path> shellPrefix,
    List<Mount> mounts,
    List<String> writableFolders) {

  /** Name of the directory of skills in the CLI's configuration. */
  static final String SKILLS = "skills";

  /** A mounted directory: its path in the sandbox and the directory of the host. */
  public record Mount(Path mountPoint, HostDirectory directory) {}

  /** Creates paths without mounted directories. */
  public SandboxPaths(
      Path workspace,
      Path home,
      Path tmp,
      Path sockets,
      Path executable,
      Optional<Path> shellPrefix) {
    this(workspace, home, tmp, sockets, executable, shellPrefix, List.of(), List.of());
  }

  public SandboxPaths {
    mounts = List.copyOf(mounts);
    writableFolders = List.copyOf(writableFolders);
  }

  /** Returns a copy with these mounted directories. */
  SandboxPaths withMounts(List<Mount> folders) {
    return new SandboxPaths(
        workspace, home, tmp, sockets, executable, shellPrefix, folders, writableFolders);
  }

  /** Returns a copy in which only these folders of the workspace are writable. */
  public SandboxPaths withWritableFolders(List<String> names) {
    return new SandboxPaths(workspace, home, tmp, sockets, executable, shellPrefix, mounts, names);
  }

  /** Returns whether the path is in a part of the workspace that is read-only. */
  boolean isReadOnlyInWorkspace(Path real) {
    return !writableFolders.isEmpty()
        && real.startsWith(workspace)
        && writableFolders.stream().map(workspace::resolve).noneMatch(real::startsWith);
  }

  /** Returns the mounted directory that contains the path. */
  public Optional<Mount> findMount(Path real) {
    return mounts.stream().filter(mount -> real.startsWith(mount.mountPoint())).findFirst();
  }

  public Path config() {
    return home.resolve(".claude");
  }

  /** Returns the directory of the session's skills, which tools can read. */
  public Path skills() {
    return config().resolve(SKILLS);
  }
}
