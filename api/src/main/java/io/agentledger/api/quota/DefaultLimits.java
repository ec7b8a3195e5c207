package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;

/**
 * What counts where nobody has set limits, from the service's settings.
 *
 * @param tenant for every tenant
 * @param owner who the owner of the installation is
 * @param ofOwner for them, on their own machine
 */
public record DefaultLimits(TenantLimits tenant, UserId owner, UserLimits ofOwner) {}
