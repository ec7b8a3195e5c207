package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.Permissions.Whose;
import io.agentledger.store.permission.ClosedPaths;

/** Which paths policies close to shell commands; who keeps them answers here. */
public interface PathPolicies {
  /** As they stand now. May block. */
  ClosedPaths pathsClosedTo(Whose whose);
}
