package io.agentledger.api.identity.query;

import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.WireNamed;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An invitation, without its token.
 *
 * @param userId id of the invited user
 */
public record InvitationView(
    InvitationId id,
    UserId userId,
    @Nullable String email,
    Role role,
    Status status,
    String invitedBy,
    Instant createdAt,
    Instant expiresAt) {
  /** State of an invitation. */
  public enum Status implements WireNamed {
    PENDING,
    ACCEPTED,
    REVOKED,
    EXPIRED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
