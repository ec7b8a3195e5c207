package io.agentledger.api.identity;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Role of a user in a tenant. It is the upper bound of the user's permissions; a credential may
 * have fewer.
 */
public enum Role {
  /** Manages people, keys, limits and secrets, and every session of the tenant. */
  ADMIN(Scope.ofTenants()),
  /** Opens sessions, and works with those that are shared. */
  MEMBER(
      EnumSet.of(
          Scope.SESSIONS_READ,
          Scope.SESSIONS_WRITE,
          Scope.KEYS_WRITE,
          Scope.USAGE_READ,
          Scope.VAULTS_READ,
          Scope.ENVIRONMENTS_READ,
          Scope.POLICIES_READ,
          Scope.HOOKS_READ,
          Scope.MCP_READ)),
  /** Reads what is shared. */
  VIEWER(EnumSet.of(Scope.SESSIONS_READ, Scope.KEYS_WRITE, Scope.USAGE_READ)),
  /** Reads everything of the tenant that is on the record, and changes nothing. */
  AUDITOR(
      EnumSet.of(
          Scope.SESSIONS_READ,
          Scope.SESSIONS_READ_ALL,
          Scope.KEYS_WRITE,
          Scope.USERS_READ,
          Scope.QUOTAS_READ,
          Scope.USAGE_READ,
          Scope.ENVIRONMENTS_READ,
          Scope.POLICIES_READ,
          Scope.HOOKS_READ,
          Scope.MCP_READ,
          Scope.AUDIT_READ)),
  /** A program with a token of its own, bound to a person; never more than that person. */
  AGENT(EnumSet.of(Scope.SESSIONS_READ, Scope.SESSIONS_WRITE, Scope.ENVIRONMENTS_READ));

  private final Set<Scope> scopes;

  Role(Set<Scope> scopes) {
    this.scopes = Collections.unmodifiableSet(scopes);
  }

  /** All that the role may do. */
  public Set<Scope> scopes() {
    return scopes;
  }
}
