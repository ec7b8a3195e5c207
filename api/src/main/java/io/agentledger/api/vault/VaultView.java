package io.agentledger.api.vault;

import io.agentledger.api.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A vault as it stands.
 *
 * @param secrets how many it holds
 */
public record VaultView(
    VaultId id,
    UserId ownerId,
    String name,
    int secrets,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt) {}
