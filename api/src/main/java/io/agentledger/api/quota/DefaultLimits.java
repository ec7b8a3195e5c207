package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;

/**
 * What counts where nobody has set limits, from the service's settings.
 *
 * @param tenantLimits for every tenant
 * @param ownerId who the owner of the installation is
 * @param ownerLimits for them, on their own machine
 */
public record DefaultLimits(TenantLimits tenantLimits, UserId ownerId, UserLimits ownerLimits) {}
