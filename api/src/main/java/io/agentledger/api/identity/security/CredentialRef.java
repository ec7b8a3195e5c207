package io.agentledger.api.identity.security;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.time.Instant;

/**
 * Reference to a presented credential without its secret, sufficient to check later whether it is
 * still valid.
 */
public sealed interface CredentialRef {
  /**
   * A key or an agent's token; after a rotation only those count that came with the new secret.
   *
   * @param sha256 of the secret, hex
   */
  record Key(CredentialId credentialId, String sha256) implements CredentialRef {}

  /** An access token of ours. It says no more than which login it is of. */
  record Login(UserId userId, CredentialId loginId) implements CredentialRef {}

  /**
   * Another issuer's token, and what the issuer says.
   *
   * @param expiresAt when the token expires: after that the issuer says nothing
   */
  record ExternalToken(
      ExternalIdentity externalIdentity, TenantId tenantId, Role role, Instant expiresAt)
      implements CredentialRef {}
}
