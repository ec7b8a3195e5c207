package io.agentledger.api.audit;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/** Queries about recorded access. */
public sealed interface AuditQuery extends TenantScoped {
  /** Lists audit entries, newest first; returns a page of {@link AuditView}. */
  @RequiresScope(Scope.AUDIT_READ)
  @StableName("ListAudit")
  record ListAudit(TenantId tenant, AuditFilter filter, PageRequest page) implements AuditQuery {}
}
