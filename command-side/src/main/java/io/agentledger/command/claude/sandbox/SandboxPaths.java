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
 */
public record SandboxPaths(
    Path workspace,
    Path home,
    Path tmp,
    Path sockets,
    Path executable,
    Optional<Path> shellPrefix,
    List<Mount> mounts) {

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
    this(workspace, home, tmp, sockets, executable, shellPrefix, List.of());
  }

  public SandboxPaths {
    mounts = List.copyOf(mounts);
  }

  /** Returns a copy with these mounted directories. */
  SandboxPaths withMounts(List<Mount> folders) {
    return new SandboxPaths(workspace, home, tmp, sockets, executable, shellPrefix, folders);
  }

  /** Returns the mounted directory that contains the path. */
  public Optional<Mount> findMount(Path real) {
    return mounts.stream().filter(mount -> real.startsWith(mount.mountPoint())).findFirst();
  }

  public Path config() {
    return home.resolve(".claude");
  }
}
