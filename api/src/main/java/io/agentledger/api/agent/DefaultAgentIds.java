package io.agentledger.api.agent;

import io.agentledger.api.identity.TenantId;

/**
 * Derives the id of a tenant's default agent, which is the same at all times and on all nodes. A
 * port and not a message, because it needs no state.
 */
public interface DefaultAgentIds {
  /** Name with which default agents are installed; they may have another one later. */
  String INITIAL_NAME = "claude";

  AgentId idFor(TenantId tenant);
}
