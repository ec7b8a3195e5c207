package io.agentledger.api.hook;

import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a hook; secrets are shown as references only.
 *
 * @param version from 1; a change must name the current one
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
