package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.ToolCallAuthorizer.PermissionDecision;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.ToolUse;
import io.agentledger.store.permission.ToolGroups;
import java.util.Optional;

/** Port to the policies that apply to a session. */
public interface PolicyEvaluator {
  /** Evaluates the current policies for one call. */
  PolicyResult evaluate(Subject subject, ToolUse use);

  /** Returns an evaluator with the current policies, for many calls in a row. May block. */
  default PolicyEvaluator snapshot(Subject subject) {
    return this;
  }

  /**
   * @param decision empty if no rule matches
   * @param permitsBypass whether mode bypassPermissions is permitted
   * @param groups the tenant's tool groups by name
   */
  record PolicyResult(
      Optional<PermissionDecision> decision, boolean permitsBypass, ToolGroups groups) {}
}
