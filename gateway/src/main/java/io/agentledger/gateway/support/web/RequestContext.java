package io.agentledger.gateway.support.web;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.CredentialRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated request: who, from where, and under which id. Handlers name it and have it.
 *
 * @param credentialRef what they came with; null for the house
 */
public record RequestContext(
    Caller caller, String requestId, RequestSource source, @Nullable CredentialRef credentialRef) {
  public RequestContext(Caller caller, String requestId, RequestSource source) {
    this(caller, requestId, source, null);
  }

  public TenantId tenant() {
    return caller.tenant();
  }

  public Provenance provenance() {
    return new Provenance(caller.tenant(), caller.actor(), caller.credential(), requestId, source);
  }

  /** What goes with each command and each query of the request. */
  public Map<String, Object> metadata() {
    return caller.asMetadata(provenance());
  }

  /** The house's own, for what several visitors share once each of them was admitted. */
  public RequestContext asSystem() {
    return new RequestContext(caller.asSystem(), requestId, RequestSource.NONE);
  }
}
