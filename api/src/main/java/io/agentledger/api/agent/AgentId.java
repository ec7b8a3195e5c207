package io.agentledger.api.agent;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one agent. */
@StableName("agent")
public record AgentId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "agt";

  public AgentId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id with which a shipped agent is installed in a tenant. */
  public static AgentId shipped(TenantId tenant, String name) {
    return new AgentId(Ids.derived(PREFIX, tenant.value(), name));
  }

  /** Generates a new, unique id. */
  public static AgentId next() {
    return new AgentId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
