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
   * An API key or an agent's token; after a rotation only references with the new secret are valid.
   *
   * @param sha256 of the secret, hex
   */
  record Key(CredentialId credentialId, String sha256) implements CredentialRef {}

  /** An access token of this installation, identified by its login. */
  record Login(UserId userId, CredentialId loginId) implements CredentialRef {}

  /**
   * A token of an external issuer with its claims.
   *
   * @param expiresAt when the token and its claims expire
   */
  record ExternalToken(
      ExternalIdentity externalIdentity, TenantId tenantId, Role role, Instant expiresAt)
      implements CredentialRef {}
}
