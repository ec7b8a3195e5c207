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
  /** Returns when the token expires. */
  Instant expiresAt();

  /** A token of this installation. */
  record Local(UserId user, CredentialId login, Instant expiresAt) implements VerifiedToken {}

  /** A token of an external issuer, with its mapped claims. */
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
