package io.agentledger.api.permission;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** Sessions that a policy applies to. It never changes. */
public sealed interface PolicyScope extends Discriminated {
  /** All of the tenant. */
  @StableName("tenant")
  record Tenant() implements PolicyScope {}

  /** Those with one agent, whatever its version. */
  @StableName("agent")
  record Agent(AgentId agentId) implements PolicyScope {}

  /** One. */
  @StableName("session")
  record Session(SessionId sessionId) implements PolicyScope {}

  /** The id of what it is for; empty for the tenant. */
  default String targetId() {
    return switch (this) {
      case Tenant tenant -> "";
      case Agent agent -> agent.agentId().value();
      case Session session -> session.sessionId().value();
    };
  }
}
