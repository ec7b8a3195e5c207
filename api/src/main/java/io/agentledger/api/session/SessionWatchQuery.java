package io.agentledger.api.session;

import io.agentledger.api.identity.Internal;
import java.time.Instant;
import java.util.Set;

/** What the house asks itself about the sessions of all tenants. */
public sealed interface SessionWatchQuery {
  /**
   * Those that rest since before a moment, longest first; a list of {@link IdleSession}.
   *
   * @param limit [1..1000]
   */
  @Internal
  record ListIdleSessions(Set<Stage> stages, Instant before, int limit)
      implements SessionWatchQuery {}
}
