package io.agentledger.command.identity.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class RoleScopesTest {
  private final TenantId founder = TenantId.next();
  private final RoleScopes roleScopes = new RoleScopes(founder);

  private EnumSet<Scope> addedInFoundingTenant(Role role) {
    var added = EnumSet.noneOf(Scope.class);
    added.addAll(roleScopes.scopesOf(founder, role));
    added.removeAll(role.scopes());
    return added;
  }

  @Test
  void auditorOfTheFoundingTenantReadsWhatOperatorsRead() {
    assertThat(addedInFoundingTenant(Role.AUDITOR)).containsExactly(Scope.OPS_READ);
    assertThat(addedInFoundingTenant(Role.ADMIN))
        .containsExactly(Scope.TENANTS_WRITE, Scope.OPS_READ, Scope.OPS_WRITE);
    for (var role : new Role[] {Role.MEMBER, Role.VIEWER, Role.AGENT})
      assertThat(addedInFoundingTenant(role)).as(role.name()).isEmpty();
  }

  @Test
  void nobodyInAnotherTenantHasScopesOfOperators() {
    for (var role : Role.values())
      assertThat(roleScopes.scopesOf(TenantId.next(), role))
          .as(role.name())
          .isEqualTo(role.scopes())
          .noneMatch(Scope::isOperatorOnly);
  }
}
