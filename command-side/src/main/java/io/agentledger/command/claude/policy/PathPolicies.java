package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.store.permission.DeniedPaths;

/** Which paths policies close to shell commands; who keeps them answers here. */
public interface PathPolicies {
  /** As they stand now. May block. */
  DeniedPaths deniedPaths(Subject subject);
}
