package io.agentledger.command.support;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;

/**
 * Derives the id of a tenant's default environment, which is the same at all times and on all
 * nodes.
 */
public interface DefaultEnvironmentIds {
  EnvironmentId idFor(TenantId tenant);
}
