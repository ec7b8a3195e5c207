package io.agentledger.api.session;

import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the host that a session sees beside its workspace, as {@code PLACE/name}.
 *
 * @param name lower-case letters, digits and hyphens
 * @param path on the host; null for one that the operator has under that name
 * @param writable whether more than looking is wished for
 */
public record SessionDirectory(String name, @Nullable String path, boolean writable) {
  /** In which folder of the box they are seen. */
  public static final String MOUNT_ROOT = "/mnt";

  /** How many a session may have. */
  public static final int COUNT_MAX = 16;

  /** What names look like. */
  public static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";

  /** Under which name a mount of an environment is seen. */
  public static String nameOf(Mount mount) {
    return mount.target().replaceFirst("^" + MOUNT_ROOT + "/", "");
  }
}
