package io.agentledger.api.quota;

import io.agentledger.api.shared.Versioned;

/**
 * Limits of a tenant.
 *
 * @param isCustom whether the tenant has its own limits; otherwise those of the service's settings
 *     apply
 * @param version increases with each change; 0 before the first
 */
public record TenantQuotaView(TenantLimits limits, boolean isCustom, long version)
    implements Versioned {}
