package io.agentledger.gateway.support.validation;

import io.agentledger.api.permission.PolicyScope;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** Validates scopes of policies and hooks in requests. */
public final class PolicyScopes {
  private PolicyScopes() {}

  /**
   * Returns the scope, by default the tenant; another scope must have the id of its agent, session,
   * trigger or channel.
   */
  // JSON may omit the id, although the record does not permit null.
  @SuppressWarnings("ConstantValue")
  public static PolicyScope requireComplete(@Nullable PolicyScope scope) {
    return switch (scope) {
      case null -> new PolicyScope.Tenant();
      case PolicyScope.Agent agent when agent.agentId() == null ->
          throw InvalidRequestException.body("/scope/agent_id", "is required");
      case PolicyScope.Session session when session.sessionId() == null ->
          throw InvalidRequestException.body("/scope/session_id", "is required");
      case PolicyScope.Trigger trigger when trigger.triggerId() == null ->
          throw InvalidRequestException.body("/scope/trigger_id", "is required");
      case PolicyScope.Channel channel when channel.channelId() == null ->
          throw InvalidRequestException.body("/scope/channel_id", "is required");
      default -> scope;
    };
  }
}
