package io.agentledger.gateway.support.web;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.api.session.SessionId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Caller, source and id of one authenticated request. Handlers can declare it as a parameter.
 *
 * @param credentialRef presented credential; null for the service itself
 * @param agentSession session whose agent sends the request; null if no agent does
 */
public record RequestContext(
    Caller caller,
    String requestId,
    RequestSource source,
    @Nullable CredentialRef credentialRef,
    @Nullable SessionId agentSession) {
  public RequestContext(Caller caller, String requestId, RequestSource source) {
    this(caller, requestId, source, null, null);
  }

  public RequestContext(
      Caller caller,
      String requestId,
      RequestSource source,
      @Nullable CredentialRef credentialRef) {
    this(caller, requestId, source, credentialRef, null);
  }

  public TenantId tenant() {
    return caller.tenant();
  }

  public Provenance provenance() {
    return new Provenance(caller.tenant(), caller.actor(), caller.credential(), requestId, source);
  }

  /** Returns the metadata of the commands and queries of the request. */
  public Map<String, Object> metadata() {
    return caller.asMetadata(provenance());
  }

  /**
   * Returns the context with the service as the caller, for queries that several authorized callers
   * share.
   */
  public RequestContext asSystem() {
    return new RequestContext(caller.asSystem(), requestId, RequestSource.NONE);
  }
}
