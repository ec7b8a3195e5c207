package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Versioned;

/**
 * Limits of a user.
 *
 * @param isCustom whether the user has their own limits; otherwise those of the tenant apply
 * @param version increases with each change of the user's own limits; 0 before the first
 */
public record UserQuotaView(UserId userId, UserLimits limits, boolean isCustom, long version)
    implements Versioned {}
