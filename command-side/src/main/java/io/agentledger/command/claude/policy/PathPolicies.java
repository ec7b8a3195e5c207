package io.agentledger.command.claude.policy;

import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.store.permission.DeniedPaths;
import io.agentledger.store.permission.FileToolDenials;

/** Port to the paths that policies close to shell commands and file tools. */
public interface PathPolicies {
  /** Returns the paths that are currently denied to shell commands. May block. */
  DeniedPaths deniedPaths(Subject subject);

  /** Returns the paths that policies deny to every file tool at this moment. May block. */
  FileToolDenials deniedToFileTools(Subject subject);
}
