package io.agentledger.api.session.query;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the host that is mounted beside a session's workspace. Its path on the host is
 * never shown.
 *
 * @param path in the sandbox
 * @param directory the operator's name for it; null for a path of the local owner
 * @param writable as requested; the operator's current setting may restrict it
 * @param addedAt when it was added
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
    /** A mount of the session's environment. */
    ENVIRONMENT,
    /** Added by a user when the session was opened, or later. */
    SESSION
  }
}
