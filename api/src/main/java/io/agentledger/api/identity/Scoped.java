package io.agentledger.api.identity;

/** A question about one tenant. Only that tenant's callers may ask it. */
public interface Scoped {
  TenantId tenant();
}
