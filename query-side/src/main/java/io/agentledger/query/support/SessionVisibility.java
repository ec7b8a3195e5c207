package io.agentledger.query.support;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.SessionRowRepository.SessionAccess;
import io.agentledger.projection.session.sharing.ShareKey;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a caller may see a session, as it is after its last event: by its row and by the
 * events that the row does not contain, of which a projection that is replayed may lack most.
 */
public record SessionVisibility(SessionRowRepository sessions, EventStore store) {
  /** Tenant and access rights of a session, its own thread, and whether it is hidden. */
  private record AccessData(TenantId tenant, SessionAcl acl, ThreadId thread, boolean deleted) {
    boolean isVisibleTo(Caller caller) {
      return tenant.equals(caller.tenant())
          && acl.canRead(caller)
          && (!deleted || caller.canReadDeleted());
    }

    AccessData after(Object event) {
      return switch (event) {
        case SessionShared shared -> with(acl.with(shared.audience(), shared.access()));
        case SessionUnshared unshared -> with(acl.with(unshared.audience(), null));
        case SessionTransferred transferred -> with(acl.transferredTo(transferred.toUserId()));
        case SessionDeleted ignored -> new AccessData(tenant, acl, thread, true);
        default -> this;
      };
    }

    private AccessData with(SessionAcl changed) {
      return new AccessData(tenant, changed, thread, deleted);
    }
  }

  /** Rejects invisible and unknown sessions with the same message. */
  public void require(Caller caller, SessionId session) {
    if (!isVisible(caller, session))
      throw new RejectionException(new NotFound("session", session.value()));
  }

  /** Returns whether the caller may see the session. */
  public boolean isVisible(Caller caller, SessionId session) {
    return findThread(caller, session).isPresent();
  }

  /** Returns the agent's own thread of a session that the caller may see. */
  public Optional<ThreadId> findThread(Caller caller, SessionId session) {
    var rows = sessions.findAccess(session.value());
    @Nullable AccessData data = rows.isEmpty() ? null : fromRows(rows);
    long known = rows.isEmpty() ? 0 : rows.getFirst().sequence();
    var later = store.readEvents(session.value(), known);
    while (later.hasNext()) {
      var event = later.next();
      data = data == null ? opened(event) : data.after(event.getPayload());
    }
    return Optional.ofNullable(data)
        .filter(found -> found.isVisibleTo(caller))
        .map(AccessData::thread);
  }

  private static AccessData fromRows(List<SessionAccess> rows) {
    var row = rows.getFirst();
    return new AccessData(
        new TenantId(row.tenant()),
        toAcl(new UserId(row.owner()), rows),
        new ThreadId(row.threadId()),
        row.status() == LifecycleStatus.DELETED);
  }

  /** Returns null for other events than the first one of a session. */
  private static @Nullable AccessData opened(DomainEventMessage<?> event) {
    return event.getPayload() instanceof SessionOpened opened
        ? new AccessData(
            Provenance.of(event.getMetaData()).tenant(),
            SessionAcl.ownedBy(opened.ownerId()),
            opened.threadId(),
            false)
        : null;
  }

  /** Returns whether the caller may see the session of a row that contains all of its events. */
  public boolean isVisible(Caller caller, SessionRow row) {
    var owner = new UserId(row.owner());
    var withoutShares = SessionAcl.ownedBy(owner);
    var acl =
        withoutShares.canRead(caller) ? withoutShares : toAcl(owner, sessions.findAccess(row.id()));
    boolean deleted = row.lifecycle().status() == LifecycleStatus.DELETED;
    return new AccessData(new TenantId(row.tenant()), acl, new ThreadId(row.threadId()), deleted)
        .isVisibleTo(caller);
  }

  private static SessionAcl toAcl(UserId owner, List<SessionAccess> rows) {
    @Nullable AccessLevel everyone = null;
    var levelsByUser = new HashMap<String, AccessLevel>();
    for (var row : rows) {
      var audience = row.audience();
      var access = row.access();
      if (audience == null || access == null) continue; // There is no share.
      if (audience.equals(ShareKey.EVERYONE)) everyone = access;
      else levelsByUser.put(audience, access);
    }
    return new SessionAcl(owner, everyone, levelsByUser);
  }

  /** Converts a caller to the parameter of the read models. */
  public static SessionRowRepository.SessionViewer viewer(Caller caller) {
    return new SessionRowRepository.SessionViewer(
        caller.tenant().value(),
        caller.user().value(),
        caller.has(Scope.SESSIONS_READ_ALL),
        caller.canReadDeleted());
  }
}
