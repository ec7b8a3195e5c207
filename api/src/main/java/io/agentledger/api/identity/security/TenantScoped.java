package io.agentledger.api.identity.security;

import io.agentledger.api.identity.TenantId;

/** A question about one tenant. Only that tenant's callers may ask it. */
public interface TenantScoped {
  TenantId tenant();
}
