package io.agentledger.query.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.projection.session.Sessions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/** Whose sessions are. A session never changes hands, so what was once read stays true. */
final class Ownership {
  private static final int REMEMBERED_MAX = 10_000;

  private final Sessions sessions;
  private final EventStore store;
  private final Map<SessionId, TenantId> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(64, .75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<SessionId, TenantId> eldest) {
              return size() > REMEMBERED_MAX;
            }
          });

  Ownership(Sessions sessions, EventStore store) {
    this.sessions = sessions;
    this.store = store;
  }

  /** Refuses what is another tenant's in the same words as what does not exist. */
  void require(TenantId tenant, SessionId session) {
    if (!tenant.equals(of(session)))
      throw new Rejected(new Rejection.NotFound("session", session.value()));
  }

  private @Nullable TenantId of(SessionId session) {
    TenantId remembered = known.get(session);
    if (remembered != null) return remembered;
    Optional<TenantId> found = fromRow(session).or(() -> fromEvents(session));
    found.ifPresent(tenant -> known.put(session, tenant));
    return found.orElse(null);
  }

  private Optional<TenantId> fromRow(SessionId session) {
    return sessions.tenantOf(session.value()).map(TenantId::new);
  }

  /** The read model may not have heard of it yet. */
  private Optional<TenantId> fromEvents(SessionId session) {
    var events = store.readEvents(session.value(), 0);
    return events.hasNext()
        ? Optional.of(Provenance.of(events.next().getMetaData()).tenant())
        : Optional.empty();
  }
}
