package io.agentledger.command.support;

import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;

/** Names the environment that each tenant begins with: the same at all times and on all nodes. */
public interface DefaultEnvironmentIds {
  EnvironmentId idFor(TenantId tenant);
}
