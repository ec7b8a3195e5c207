package io.agentledger.api.identity.query;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.WireNamed;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A person.
 *
 * @param joinMethod how: local_owner, sign_up, invitation, or issuer
 * @param issuer who vouches for them, if that is another issuer of tokens
 */
public record UserView(
    UserId id,
    TenantId tenantId,
    @Nullable String name,
    @Nullable String email,
    Role role,
    Status status,
    String joinMethod,
    @Nullable String issuer,
    Instant createdAt,
    Instant updatedAt) {
  /** State of a user. */
  public enum Status implements WireNamed {
    ACTIVE,
    DISABLED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
