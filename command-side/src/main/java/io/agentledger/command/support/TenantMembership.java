package io.agentledger.command.support;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;

/** Checks whether a user belongs to a tenant, for features that are given a user's id. */
public interface TenantMembership {
  /** Returns whether the user belongs to the tenant and may sign in. */
  boolean isActiveMember(TenantId tenant, UserId user);
}
