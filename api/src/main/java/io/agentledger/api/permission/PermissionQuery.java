package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/** What can be asked about permissions of single calls; of sessions that the caller may see. */
public sealed interface PermissionQuery extends TenantScoped {
  /**
   * What waits for somebody, over all sessions, oldest first; a page of {@link PendingActionView}.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListPendingActions")
  record ListPendingActions(TenantId tenant, PageRequest page) implements PermissionQuery {}

  /** What people were asked in a session, oldest first; a page of {@link DecisionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListDecisions")
  record ListDecisions(TenantId tenant, SessionId sessionId, PageRequest page)
      implements PermissionQuery {}
}
