package io.agentledger.api.identity;

import io.agentledger.api.shared.WireNamed;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Permission that a credential may have. */
public enum Scope implements WireNamed {
  /** Own and shared sessions. */
  SESSIONS_READ,
  SESSIONS_WRITE,
  /** Every session of the tenant. */
  SESSIONS_READ_ALL,
  SESSIONS_WRITE_ALL,
  /** Own keys; keys of other users require {@link #USERS_WRITE} too. */
  KEYS_WRITE,
  USERS_READ,
  USERS_WRITE,
  QUOTAS_READ,
  QUOTAS_WRITE,
  /** Own usage and cost; those of the tenant require {@link #SESSIONS_READ_ALL} too. */
  USAGE_READ,
  VAULTS_READ,
  VAULTS_WRITE,
  POLICIES_READ,
  POLICIES_WRITE,
  /** Environments of sessions. */
  ENVIRONMENTS_READ,
  ENVIRONMENTS_WRITE,
  HOOKS_READ,
  HOOKS_WRITE,
  MCP_READ,
  /** Registers and approves servers. */
  MCP_WRITE,
  AUDIT_READ,
  /** Settings of reports of the tenant. */
  REPORTS_WRITE,
  SUBSCRIPTIONS_READ,
  /** Sends events to a URL. */
  SUBSCRIPTIONS_WRITE,
  /** Manages tenants of the installation; operators only. */
  TENANTS_WRITE,
  OPS_READ,
  OPS_WRITE;

  private static final Set<Scope> OPERATORS = EnumSet.of(TENANTS_WRITE, OPS_READ, OPS_WRITE);

  private static final Map<String, Scope> BY_WIRE_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Scope::wireName, scope -> scope));

  /** Computed once, because every message contains the scopes of its caller as text. */
  private final String wireName = name().toLowerCase(Locale.ROOT).replaceFirst("_", ":");

  /**
   * Returns whether the scope concerns the installation. Only admins of the founding tenant have
   * such scopes; its auditors have {@link #OPS_READ}.
   */
  public boolean isOperatorOnly() {
    return OPERATORS.contains(this);
  }

  /** Returns the scopes that are available in every tenant. */
  public static Set<Scope> ofTenants() {
    return EnumSet.complementOf(EnumSet.copyOf(Set.of(TENANTS_WRITE, OPS_READ, OPS_WRITE)));
  }

  /** Returns the name, such as {@code sessions:read_all}. */
  @Override
  public String wireName() {
    return wireName;
  }

  /**
   * Returns the scope of a wire name.
   *
   * @throws IllegalArgumentException for an unknown name
   */
  public static Scope of(String wireName) {
    var scope = BY_WIRE_NAME.get(wireName);
    if (scope == null) throw new IllegalArgumentException("must be a scope");
    return scope;
  }
}
