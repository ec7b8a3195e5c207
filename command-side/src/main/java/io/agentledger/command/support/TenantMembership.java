package io.agentledger.command.support;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.util.Optional;

/** Roles of a tenant's users, for features that are given a user's id. */
public interface TenantMembership {
  /** Returns the user's role; empty if the user is not of the tenant, or may not sign in. */
  Optional<Role> findActiveRole(TenantId tenant, UserId user);
}
