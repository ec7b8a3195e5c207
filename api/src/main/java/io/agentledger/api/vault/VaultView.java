package io.agentledger.api.vault;

import io.agentledger.api.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a vault.
 *
 * @param secrets number of its secrets
 */
public record VaultView(
    VaultId id,
    UserId ownerId,
    String name,
    int secrets,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt) {}
