package io.agentledger.api.environment;

import io.agentledger.api.identity.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Lookups of a tenant's environments for command handlers. Returns the current state, not that of a
 * read model. Blocks on the database.
 */
public interface EnvironmentResolver {
  /**
   * Returns the current version of an environment for a new session; from then on the environment
   * is in use.
   *
   * @param requested null selects the tenant's default
   * @throws io.agentledger.api.shared.RejectionException if the environment does not exist or is
   *     archived
   */
  EnvironmentSnapshot resolve(TenantId tenant, @Nullable EnvironmentId requested);
}
