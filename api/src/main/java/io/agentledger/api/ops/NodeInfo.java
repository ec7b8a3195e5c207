package io.agentledger.api.ops;

import io.agentledger.api.model.Upstream;

/** CLI version, sandbox and model upstream of this node; known before the service is ready. */
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
