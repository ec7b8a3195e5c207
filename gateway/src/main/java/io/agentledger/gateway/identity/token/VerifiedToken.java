package io.agentledger.gateway.identity.token;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Foreigner;
import io.agentledger.api.identity.KeyId;
import io.agentledger.api.identity.Means;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a token proves whose signature, times and audience are right; not yet that it counts. */
public sealed interface VerifiedToken {
  /** When it is over. */
  Instant expiresAt();

  /** One of ours. */
  record Ours(UserId user, KeyId login, Instant expiresAt) implements VerifiedToken {}

  /** One of another issuer, and what we make of its claims. */
  record Foreign(
      Foreigner foreigner,
      TenantId tenant,
      Role role,
      @Nullable DisplayName name,
      @Nullable EmailAddress email,
      Instant expiresAt)
      implements VerifiedToken {
    public Means.Vouched means() {
      return new Means.Vouched(foreigner, tenant, role, expiresAt);
    }
  }
}
