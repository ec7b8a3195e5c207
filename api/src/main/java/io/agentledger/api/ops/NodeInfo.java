package io.agentledger.api.ops;

import io.agentledger.api.model.Upstream;

/** What this node runs agents with; settled before the service says that it is ready. */
public interface NodeInfo {
  /** This node's name, kept in its home over restarts. */
  String node();

  Upstream upstream();

  SandboxLevel sandbox();

  /** Why the sandbox is not better than it is; empty at {@code full}. */
  String sandboxReason();

  /** The version of the Claude CLI, as it says itself. */
  String cliVersion();
}
