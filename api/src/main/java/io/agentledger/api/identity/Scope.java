package io.agentledger.api.identity;

import io.agentledger.api.shared.WireNamed;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** One kind of thing that a credential may be allowed to do. */
public enum Scope implements WireNamed {
  /** Sessions that are one's own or shared. */
  SESSIONS_READ,
  SESSIONS_WRITE,
  /** Every session of the tenant. */
  SESSIONS_READ_ALL,
  SESSIONS_WRITE_ALL,
  /** One's own keys; those of others with {@link #USERS_WRITE}. */
  KEYS_WRITE,
  USERS_READ,
  USERS_WRITE,
  QUOTAS_READ,
  QUOTAS_WRITE,
  /** One's own usage and cost; the tenant's with {@link #SESSIONS_READ_ALL}. */
  USAGE_READ,
  VAULTS_READ,
  VAULTS_WRITE,
  POLICIES_READ,
  POLICIES_WRITE,
  /** Where sessions run. */
  ENVIRONMENTS_READ,
  ENVIRONMENTS_WRITE,
  HOOKS_READ,
  HOOKS_WRITE,
  MCP_READ,
  /** Registers servers and agrees to them. */
  MCP_WRITE,
  AUDIT_READ,
  /** Of the installation, not of a tenant: the operator's. */
  TENANTS_WRITE,
  OPS_READ,
  OPS_WRITE;

  private static final Set<Scope> OPERATORS = EnumSet.of(TENANTS_WRITE, OPS_READ, OPS_WRITE);

  /** What concerns the installation; only an admin of the tenant that founded it has these. */
  public boolean isOperatorOnly() {
    return OPERATORS.contains(this);
  }

  /** What can be had in any tenant. */
  public static Set<Scope> ofTenants() {
    return EnumSet.complementOf(EnumSet.copyOf(Set.of(TENANTS_WRITE, OPS_READ, OPS_WRITE)));
  }

  /** {@code sessions:read_all}. */
  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replaceFirst("_", ":");
  }

  /** The scope of that wire name; refuses what is none. */
  public static Scope of(String wireName) {
    for (var scope : values()) if (scope.wireName().equals(wireName)) return scope;
    throw new IllegalArgumentException("must be a scope");
  }
}
