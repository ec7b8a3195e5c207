package io.agentledger.api.identity.security;

import io.agentledger.api.identity.TenantId;

/** A query about one tenant. Only callers of that tenant may send it. */
public interface TenantScoped {
  TenantId tenant();
}
