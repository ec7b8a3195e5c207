package io.agentledger.command.support;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.util.Optional;

/** Roles of a tenant's users, for features that act for a user or are given a user's id. */
public interface TenantMembership {
  /**
   * Returns the user's role; empty if the user is not of the tenant, or may not sign in, because
   * the user is disabled or the tenant is suspended.
   */
  Optional<Role> findActiveRole(TenantId tenant, UserId user);

  /**
   * Returns whether the tenant is suspended: what waits for a time or a delivery continues when it
   * is resumed. Grants nothing.
   */
  default boolean isSuspended(TenantId tenant) {
    return false;
  }
}
