package io.agentledger.api.flow;

import io.agentledger.api.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Identity at a provider that belongs to a user.
 *
 * @param identity login or id at the provider; null if it was erased
 */
public record SourceIdentityView(
    SourceIdentityId id,
    SourceProvider provider,
    @Nullable String identity,
    UserId userId,
    Instant createdAt) {}
