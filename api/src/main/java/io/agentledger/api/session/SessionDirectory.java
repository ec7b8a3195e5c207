package io.agentledger.api.session;

import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the host that is mounted in a session's sandbox beside the workspace, as {@code
 * PLACE/name}.
 *
 * @param name lower-case letters, digits and hyphens
 * @param path on the host; null for a directory that the operator has named
 * @param writable whether write access was requested
 */
public record SessionDirectory(String name, @Nullable String path, boolean writable) {
  /** Directory of the sandbox that contains the mounts. */
  public static final String MOUNT_ROOT = "/mnt";

  /** Maximum number of directories of a session. */
  public static final int COUNT_MAX = 16;

  /** Pattern of valid names. */
  public static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

  /** Returns the name under which a mount of an environment is visible. */
  public static String nameOf(Mount mount) {
    return mount.target().replaceFirst("^" + MOUNT_ROOT + "/", "");
  }
}
