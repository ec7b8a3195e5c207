package io.agentledger.api.vault;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret without its value, which is never shown.
 *
 * @param target a server's address or a variable's name
 * @param updatedAt when its current value was set
 * @param lastUsedAt to the minute; null before the first use of any of its versions
 */
public record SecretView(
    VaultId vaultId,
    String name,
    long version,
    SecretType type,
    String target,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant lastUsedAt) {}
