package io.agentledger.command.support;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;

/** Who there is in a tenant; for features that are told a person's id. */
public interface TenantMembership {
  /** Whether the person belongs to the tenant and may sign in. */
  boolean isActiveMember(TenantId tenant, UserId user);
}
