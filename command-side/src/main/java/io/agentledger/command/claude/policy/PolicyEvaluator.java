package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.ToolUse;
import io.agentledger.store.permission.ToolGroups;
import java.util.Optional;

/** The policies that count for a session; who keeps them answers here. */
public interface PolicyEvaluator {
  /** What they say to one call, as they stand now. */
  PolicyResult evaluate(Subject subject, ToolUse use);

  /** The same with the policies as they stand now, for many calls in a row. May block. */
  default PolicyEvaluator snapshot(Subject subject) {
    return this;
  }

  /**
   * @param decision empty when no rule says anything
   * @param permitsBypass whether mode bypassPermissions is permitted
   * @param groups what the names of groups stand for in this tenant
   */
  record PolicyResult(
      Optional<PermissionDecision> decision, boolean permitsBypass, ToolGroups groups) {}
}
