package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/** Queries about pending actions and decisions, for sessions that the caller may see. */
public sealed interface PermissionQuery extends TenantScoped {
  /**
   * Lists the pending actions of all sessions, oldest first; returns a page of {@link
   * PendingActionView}.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListPendingActions")
  record ListPendingActions(TenantId tenant, PageRequest page) implements PermissionQuery {}

  /** Lists the decisions of a session, oldest first; returns a page of {@link DecisionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListDecisions")
  record ListDecisions(TenantId tenant, SessionId sessionId, PageRequest page)
      implements PermissionQuery {}
}
