package io.agentledger.api.flow;

import io.agentledger.api.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Account at a provider that belongs to a user.
 *
 * @param accountId id of the account at the provider; null if it was erased
 */
public record SourceIdentityView(
    SourceIdentityId id,
    SourceProvider provider,
    @Nullable String accountId,
    UserId userId,
    Instant createdAt) {}
