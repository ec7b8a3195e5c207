package io.agentledger.api.permission;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Scoped;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;

/** What can be asked about permissions of single calls; of sessions that the caller may see. */
public sealed interface PermissionQuery extends Scoped {
  /** What waits for somebody, over all sessions, oldest first; a page of {@link PendingView}. */
  @Needs(Scope.SESSIONS_READ)
  record ListPending(TenantId tenant, PageRequest page) implements PermissionQuery {}

  /** What people were asked in a session, oldest first; a page of {@link DecisionView}. */
  @Needs(Scope.SESSIONS_READ)
  record ListDecisions(TenantId tenant, SessionId sessionId, PageRequest page)
      implements PermissionQuery {}
}
