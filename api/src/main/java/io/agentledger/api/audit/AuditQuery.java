package io.agentledger.api.audit;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Scoped;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.PageRequest;

/** What can be asked about access. */
public sealed interface AuditQuery extends Scoped {
  /** Newest first; answered with a page of {@link AuditView}. */
  @Needs(Scope.AUDIT_READ)
  record ListAudit(TenantId tenant, AuditFilter filter, PageRequest page) implements AuditQuery {}
}
