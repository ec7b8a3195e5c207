package io.agentledger.gateway.support;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;

/** One authenticated request: who, and under which id. Handlers take it as a parameter. */
public record Visit(Caller caller, String requestId) {
  public TenantId tenant() {
    return caller.tenant();
  }

  public Provenance provenance() {
    return caller.provenance(requestId);
  }
}
