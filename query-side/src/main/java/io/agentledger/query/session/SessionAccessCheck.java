package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
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
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.sharing.ShareKey;
import io.agentledger.query.support.ReadModelAccess;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a caller may see a session; a session that they may not see is reported as not
 * found.
 */
final class SessionAccessCheck {
  private final SessionRowRepository sessions;
  private final EventStore store;
  private final SessionRowCache cache;
  private final ReadModelAccess readModelAccess;

  SessionAccessCheck(
      SessionRowRepository sessions,
      EventStore store,
      SessionRowCache cache,
      ReadModelAccess readModelAccess) {
    this.sessions = sessions;
    this.store = store;
    this.cache = cache;
    this.readModelAccess = readModelAccess;
  }

  /** Tenant and access rights of a session, its own thread, and whether it is hidden. */
  private record AccessData(TenantId tenant, SessionAcl acl, ThreadId thread, boolean deleted) {
    boolean isVisibleTo(Caller caller) {
      return tenant.equals(caller.tenant())
          && acl.canRead(caller)
          && (!deleted || caller.canReadDeleted());
    }
  }

  /**
   * Rejects invisible and unknown sessions with the same message.
   *
   * @return the agent's own thread
   */
  ThreadId require(Caller caller, SessionId session) {
    return cache
        .findRow(caller, session.value())
        .map(row -> new ThreadId(row.threadId()))
        .or(() -> fromDatabase(caller, session))
        .orElseThrow(
            () -> new RejectionException(new Rejection.NotFound("session", session.value())));
  }

  /** Returns whether the caller may see the session of a row. */
  boolean isVisible(Caller caller, SessionRow row) {
    var owner = new UserId(row.owner());
    var withoutShares = SessionAcl.ownedBy(owner);
    var acl =
        withoutShares.canRead(caller)
            ? withoutShares
            : toAcl(owner, sessions.findAccessData(row.id()));
    boolean deleted = row.lifecycle().status() == LifecycleStatus.DELETED;
    return new AccessData(new TenantId(row.tenant()), acl, new ThreadId(row.threadId()), deleted)
        .isVisibleTo(caller);
  }

  private Optional<ThreadId> fromDatabase(Caller caller, SessionId session) {
    readModelAccess.awaitOwnWrites("session", session);
    return fromRows(session)
        .or(() -> fromEvents(session))
        .filter(accessData -> accessData.isVisibleTo(caller))
        .map(AccessData::thread);
  }

  private Optional<AccessData> fromRows(SessionId session) {
    var rows = sessions.findAccessData(session.value());
    return rows.stream()
        .findFirst()
        .map(
            row ->
                new AccessData(
                    new TenantId(row[0]),
                    toAcl(new UserId(row[1]), rows),
                    new ThreadId(row[3]),
                    LifecycleStatus.valueOf(row[2]) == LifecycleStatus.DELETED));
  }

  /** Returns the access rights; each row has the audience and the level of one share, or none. */
  private static SessionAcl toAcl(UserId owner, List<String[]> rows) {
    @Nullable AccessLevel everyone = null;
    var levelsByUser = new HashMap<String, AccessLevel>();
    for (var row : rows) {
      @Nullable String audience = row[4];
      if (audience == null) continue; // There is no share.
      var access = AccessLevel.valueOf(row[5]);
      if (audience.equals(ShareKey.EVERYONE)) everyone = access;
      else levelsByUser.put(audience, access);
    }
    return new SessionAcl(owner, everyone, levelsByUser);
  }

  /** Reads the data from events, because the read model may not contain the session yet. */
  private Optional<AccessData> fromEvents(SessionId session) {
    @Nullable TenantId tenant = null;
    @Nullable SessionAcl sessionAcl = null;
    @Nullable ThreadId thread = null;
    boolean deleted = false;
    var events = store.readEvents(session.value(), 0);
    while (events.hasNext()) {
      var event = events.next();
      if (tenant == null) tenant = Provenance.of(event.getMetaData()).tenant();
      deleted |= event.getPayload() instanceof SessionDeleted;
      if (event.getPayload() instanceof SessionOpened opened) {
        sessionAcl = SessionAcl.ownedBy(opened.ownerId());
        thread = opened.threadId();
      } else if (sessionAcl != null) sessionAcl = apply(sessionAcl, event.getPayload());
    }
    return tenant == null || sessionAcl == null || thread == null
        ? Optional.empty()
        : Optional.of(new AccessData(tenant, sessionAcl, thread, deleted));
  }

  private static SessionAcl apply(SessionAcl sessionAcl, Object event) {
    return switch (event) {
      case SessionShared shared -> sessionAcl.with(shared.audience(), shared.access());
      case SessionUnshared unshared -> sessionAcl.with(unshared.audience(), null);
      case SessionTransferred sessionTransferred ->
          sessionAcl.transferredTo(sessionTransferred.toUserId());
      default -> sessionAcl;
    };
  }
}
