package io.agentledger.api.agent;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one agent. */
@StableName("agent")
public record AgentId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "agt";

  public AgentId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static AgentId next() {
    return new AgentId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
