package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** Content of a session's workspace at its opening. */
public sealed interface Workspace extends Discriminated {
  /** Returns the size of all files together. */
  long bytes();

  /** An empty workspace. */
  @StableName("empty")
  record Empty() implements Workspace {
    @Override
    public long bytes() {
      return 0;
    }
  }

  /** A copy of a directory. Its path is not recorded. */
  @StableName("copy")
  record Copied(long files, long bytes) implements Workspace {}

  /** Files and unpacked archives that were uploaded at the opening. */
  @StableName("upload")
  record Uploaded(long files, long bytes) implements Workspace {}

  /**
   * A checkout of a repository. Its URL is not recorded.
   *
   * @param commit its id, hex
   * @param bytes including its history
   */
  @StableName("git")
  record Git(String commit, long files, long bytes) implements Workspace {}

  /**
   * A directory of the host in which the agent works in place. Its path is not recorded; its
   * content is not copied and does not count as storage.
   */
  @StableName("in_place")
  record InPlace() implements Workspace {
    @Override
    public long bytes() {
      return 0;
    }
  }
}
