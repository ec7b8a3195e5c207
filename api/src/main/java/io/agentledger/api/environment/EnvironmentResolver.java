package io.agentledger.api.environment;

import io.agentledger.api.identity.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * The way to a tenant's environments, for the deciding side only: what they are now, and not what a
 * read model has heard of. Blocks on the database.
 */
public interface EnvironmentResolver {
  /**
   * What a session is opened in, as it stands; from then on the environment is in use.
   *
   * @param requested null: the tenant's standard
   * @throws io.agentledger.api.shared.RejectionException if there is none of that id, or it is
   *     archived
   */
  EnvironmentSnapshot resolve(TenantId tenant, @Nullable EnvironmentId requested);
}
