package io.agentledger.api.session;

import io.agentledger.api.shared.Kinded;

/** What the session's folder held when it opened. */
public sealed interface Workspace extends Kinded {
  /** Nothing. */
  record Empty() implements Workspace {}

  /** A copy of a folder; which one is its owner's business and not recorded. */
  record Copied(long files, long bytes) implements Workspace {}
}
