package io.agentledger.command.identity;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;

/** Owner of a local installation, with their default agent and environment. */
record LocalOwner(TenantId tenant, UserId user, AgentId agent, EnvironmentId environment) {
  static LocalOwner create() {
    return new LocalOwner(TenantId.next(), UserId.next(), AgentId.next(), EnvironmentId.next());
  }
}
