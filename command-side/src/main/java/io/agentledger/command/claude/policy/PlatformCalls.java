package io.agentledger.command.claude.policy;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.store.permission.EvaluatedToolCall;
import tools.jackson.databind.JsonNode;

/**
 * Restriction of calls to the platform's MCP server, which have the rights of the user who sent the
 * query. The rules of a session come from its owner, so they allow nothing in the name of others.
 */
public final class PlatformCalls {
  private PlatformCalls() {}

  /**
   * Returns the decision for the sender of the run's query.
   *
   * @param isOwner whether the sender owns the session
   */
  public static PermissionDecision restrict(
      PermissionDecision decision,
      String tool,
      JsonNode input,
      PermissionMode mode,
      Actor sender,
      boolean isOwner) {
    boolean isResource = isResource(tool, input);
    if (decision.hasVerdict(Verdict.DENIED) || !PlatformServer.isTool(tool) && !isResource)
      return decision;
    if (sender.type() == Actor.ActorType.CHANNEL && tool.equals(PlatformServer.ESCALATE))
      return decision;
    if (sender.type() != Actor.ActorType.USER)
      return PermissionDecision.denied(
          "the platform can be used only in a run whose query a user sent; an agent sent this one");
    if (isOwner || decision.hasVerdict(Verdict.ASKED) && !isResource) return decision;
    if (isResource)
      return PermissionDecision.denied(
          "in the session of another user, use the tools of the platform in place of resources");
    var rule = "the session of another user reads the platform with the sender's approval only";
    return mode.isNonInteractive()
        ? PermissionDecision.denied("denied: nobody to ask (mode dontAsk); " + rule)
        : PermissionDecision.asked(rule);
  }

  private static boolean isResource(String tool, JsonNode input) {
    return EvaluatedToolCall.RESOURCE_READERS.contains(tool)
        && input.path("server").asString("").equals(PlatformServer.NAME);
  }
}
