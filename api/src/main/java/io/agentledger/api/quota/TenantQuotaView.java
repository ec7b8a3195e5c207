package io.agentledger.api.quota;

import io.agentledger.api.shared.Versioned;

/**
 * Limits of a tenant and whether they were set for it.
 *
 * @param isCustom whether these are limits of its own, and not those of the service's settings
 * @param version changes with each change; 0 before the first
 */
public record TenantQuotaView(TenantLimits limits, boolean isCustom, long version)
    implements Versioned {}
