package io.agentledger.command.identity.shared;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Scopes of a role in a tenant: an admin of the tenant that founded the installation is its
 * operator, and an auditor of that tenant reads what operators read.
 */
public record RoleScopes(TenantId foundingTenant) {
  public Set<Scope> scopesOf(TenantId tenant, Role role) {
    if (!tenant.equals(foundingTenant)) return role.scopes();
    return switch (role) {
      case ADMIN -> EnumSet.allOf(Scope.class);
      case AUDITOR -> {
        var scopes = EnumSet.copyOf(role.scopes());
        scopes.add(Scope.OPS_READ);
        yield scopes;
      }
      case MEMBER, VIEWER, AGENT -> role.scopes();
    };
  }

  /** Rejects scopes that the caller does not have. */
  public static void requireWithin(Caller caller, Set<Scope> scopes) {
    requireWithin(caller.scopes(), scopes);
  }

  /** Rejects scopes that are not among those that may be granted. */
  public static void requireWithin(Set<Scope> possible, Set<Scope> scopes) {
    var missing = EnumSet.noneOf(Scope.class);
    missing.addAll(scopes);
    missing.removeAll(possible);
    if (!missing.isEmpty()) throw new RejectionException(InsufficientScope.allOf(missing));
  }
}
