package io.agentledger.api.identity;

import java.time.Instant;

/** A tenant. */
public record TenantView(
    TenantId id, String name, boolean suspended, Instant createdAt, Instant updatedAt) {}
