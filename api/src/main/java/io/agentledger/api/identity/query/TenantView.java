package io.agentledger.api.identity.query;

import io.agentledger.api.identity.TenantId;
import java.time.Instant;

/** A tenant. */
public record TenantView(
    TenantId id, String name, boolean suspended, Instant createdAt, Instant updatedAt) {}
