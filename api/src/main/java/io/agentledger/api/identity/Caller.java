package io.agentledger.api.identity;

/**
 * Who stands behind an authenticated request.
 *
 * @param localOwner whether this is the owner of the installation, on its own machine
 */
public record Caller(TenantId tenant, UserId user, KeyId credential, boolean localOwner) {
  public Provenance provenance(String request) {
    return new Provenance(tenant, Actor.person(user), credential, request);
  }
}
