package io.agentledger.api.session.query;

import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.Set;

/** Internal query about the sessions of all tenants. */
public sealed interface IdleSessionQuery {
  /**
   * Lists sessions that have been idle since before a moment, longest first; returns a list of
   * {@link IdleSession}.
   *
   * @param limit [1..1000]
   */
  @InternalOnly
  @StableName("ListIdleSessions")
  record ListIdleSessions(Set<LifecycleStatus> lifecycles, Instant before, int limit)
      implements IdleSessionQuery {}
}
