package io.agentledger.api.identity;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Role of a user in a tenant. It is the upper bound of the user's permissions; a credential may
 * have fewer.
 */
public enum Role {
  /** Manages users, keys, limits, secrets and every session of the tenant. */
  ADMIN(Scope.ofTenants()),
  /** Opens sessions, and works with sessions that are shared. */
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
          Scope.MCP_READ,
          Scope.SUBSCRIPTIONS_READ,
          Scope.SUBSCRIPTIONS_WRITE)),
  /** Reads shared sessions. */
  VIEWER(EnumSet.of(Scope.SESSIONS_READ, Scope.KEYS_WRITE, Scope.USAGE_READ)),
  /** Reads all data of the tenant and changes nothing. */
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
          Scope.SUBSCRIPTIONS_READ,
          Scope.AUDIT_READ)),
  /**
   * A program with its own token, bound to a user; it never has more permissions than that user.
   */
  AGENT(EnumSet.of(Scope.SESSIONS_READ, Scope.SESSIONS_WRITE, Scope.ENVIRONMENTS_READ));

  private final Set<Scope> scopes;

  Role(Set<Scope> scopes) {
    this.scopes = Collections.unmodifiableSet(scopes);
  }

  /** Rejects the role of agent tokens, which no user can have. */
  public void requireAssignable() {
    if (this == AGENT) throw new IllegalArgumentException("agent is the role of agent tokens only");
  }

  /** Returns all scopes of the role. */
  public Set<Scope> scopes() {
    return scopes;
  }
}
