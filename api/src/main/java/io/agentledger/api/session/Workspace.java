package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** Content of a session's workspace at its opening. */
public sealed interface Workspace extends Discriminated {
  /** Of all its files together. */
  long bytes();

  /** Nothing. */
  @StableName("empty")
  record Empty() implements Workspace {
    @Override
    public long bytes() {
      return 0;
    }
  }

  /** A copy of a folder; which one is its owner's business and not recorded. */
  @StableName("copy")
  record Copied(long files, long bytes) implements Workspace {}

  /** Files and unpacked archives that were uploaded at the opening. */
  @StableName("upload")
  record Uploaded(long files, long bytes) implements Workspace {}

  /**
   * A repository, checked out; where it lies is its opener's business and not recorded.
   *
   * @param commit its id, hex
   * @param bytes its history included
   */
  @StableName("git")
  record Git(String commit, long files, long bytes) implements Workspace {}

  /**
   * None of its own: its agent works in a folder of the host, where that lies. Which one is its
   * owner's business. What is in it is nobody's copy and counts as nothing.
   */
  @StableName("in_place")
  record InPlace() implements Workspace {
    @Override
    public long bytes() {
      return 0;
    }
  }
}
