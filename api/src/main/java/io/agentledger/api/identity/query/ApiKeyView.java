package io.agentledger.api.identity.query;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.WireNamed;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key, without its secret.
 *
 * @param agentId null unless an agent acts with it
 * @param prefix beginning of the secret
 * @param expiresAt null for never
 * @param lastUsedAt to the minute; null if it was never used
 */
public record ApiKeyView(
    CredentialId id,
    UserId ownerId,
    @Nullable AgentId agentId,
    @Nullable String name,
    String prefix,
    List<Scope> scopes,
    Status status,
    Instant createdAt,
    @Nullable Instant rotatedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {
  /** State of an API key. */
  public enum Status implements WireNamed {
    ACTIVE,
    EXPIRED,
    REVOKED;

    @Override
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
