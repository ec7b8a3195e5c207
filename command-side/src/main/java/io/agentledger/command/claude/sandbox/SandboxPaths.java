package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.HostDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A session's places as its CLI sees them.
 *
 * @param shellPrefix what runs every shell command of the agent, if there is a nested box
 */
public record SandboxPaths(
    Path workspace,
    Path home,
    Path tmp,
    Path sockets,
    Path executable,
    Optional<Path> shellPrefix,
    List<Mount> mounts) {

  /** A folder beside the workspace: where it is seen, and what it is. */
  public record Mount(Path mountPoint, HostDirectory directory) {}

  /** With nothing beside the workspace. */
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

  /** The same with these folders, by the names that they have here. */
  SandboxPaths withMounts(List<Mount> folders) {
    return new SandboxPaths(workspace, home, tmp, sockets, executable, shellPrefix, folders);
  }

  /** The folder beside the workspace that the path leads into. */
  public Optional<Mount> findMount(Path real) {
    return mounts.stream().filter(mount -> real.startsWith(mount.mountPoint())).findFirst();
  }

  public Path config() {
    return home.resolve(".claude");
  }
}
