package io.agentledger.gateway.identity.token;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.CredentialRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Token with valid signature, times and audience; its revocation is not yet checked. */
public sealed interface VerifiedToken {
  /** When it is over. */
  Instant expiresAt();

  /** One of ours. */
  record Local(UserId user, CredentialId login, Instant expiresAt) implements VerifiedToken {}

  /** One of another issuer, and what we make of its claims. */
  record External(
      ExternalIdentity externalIdentity,
      TenantId tenant,
      Role role,
      @Nullable DisplayName name,
      @Nullable EmailAddress email,
      Instant expiresAt)
      implements VerifiedToken {
    public CredentialRef.ExternalToken credentialRef() {
      return new CredentialRef.ExternalToken(externalIdentity, tenant, role, expiresAt);
    }
  }
}
