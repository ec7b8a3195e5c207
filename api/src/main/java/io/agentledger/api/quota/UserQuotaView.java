package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Versioned;

/**
 * Limits of a user and whether they were set for that user.
 *
 * @param isCustom whether these are limits of their own, and not those of all
 * @param version changes with each change of their own limits; 0 before the first
 */
public record UserQuotaView(UserId userId, UserLimits limits, boolean isCustom, long version)
    implements Versioned {}
