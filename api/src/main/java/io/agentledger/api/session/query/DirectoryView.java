package io.agentledger.api.session.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the host that a session's agent sees beside its workspace. Where on the host it is
 * nobody is shown.
 *
 * @param path in the sandbox
 * @param directory the operator's name for it; null for a path of the local owner's
 * @param writable as it was given; where the operator lets nobody write any more, nobody does
 * @param addedAt when it was given
 */
public record DirectoryView(
    String name,
    String path,
    @Nullable String directory,
    boolean writable,
    Source source,
    Instant addedAt) {

  /** Origin of a directory. */
  public enum Source {
    /** It is a mount of the session's environment. */
    ENVIRONMENT,
    /** Somebody who opened the session, or spoke to it. */
    SESSION
  }
}
