package io.agentledger.gateway.support.validation;

import io.agentledger.api.permission.PolicyScope;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Scopes of policies and hooks, as requests contain them. */
public final class PolicyScopes {
  private PolicyScopes() {}

  /** The scope, which is the tenant by default and names its agent or session otherwise. */
  @SuppressWarnings("ConstantValue") // JSON may leave an id out, whatever the record says.
  public static PolicyScope requireComplete(@Nullable PolicyScope scope) {
    return switch (scope) {
      case null -> new PolicyScope.Tenant();
      case PolicyScope.Agent agent when agent.agentId() == null ->
          throw InvalidRequestException.body("/scope/agent_id", "must be given");
      case PolicyScope.Session session when session.sessionId() == null ->
          throw InvalidRequestException.body("/scope/session_id", "must be given");
      default -> scope;
    };
  }
}
