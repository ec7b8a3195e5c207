package io.agentledger.api.identity.query;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.WireNamed;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A user.
 *
 * @param joinMethod local_owner, sign_up, invitation, or issuer
 * @param issuer external token issuer that manages the user, if any
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
