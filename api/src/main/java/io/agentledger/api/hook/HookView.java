package io.agentledger.api.hook;

import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A hook as it stands; of its secrets only where they lie.
 *
 * @param version from 1; a change names the one that it is based on
 */
public record HookView(
    HookId id,
    PolicyScope scope,
    String name,
    boolean enabled,
    HookPoint point,
    String matcher,
    HookTarget target,
    long timeoutSeconds,
    int order,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {}
