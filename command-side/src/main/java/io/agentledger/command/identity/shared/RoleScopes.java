package io.agentledger.command.identity.shared;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a role may do in a tenant: an admin of the tenant that founded the installation operates it.
 */
public record RoleScopes(TenantId foundingTenant) {
  public Set<Scope> scopesOf(TenantId tenant, Role role) {
    return role == Role.ADMIN && tenant.equals(foundingTenant)
        ? EnumSet.allOf(Scope.class)
        : role.scopes();
  }
}
