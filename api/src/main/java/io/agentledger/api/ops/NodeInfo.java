package io.agentledger.api.ops;

import io.agentledger.api.model.Upstream;

/** CLI version, sandbox and model upstream of this node; known before the service is ready. */
public interface NodeInfo {
  /** Returns the name of this node, which is stored in its home directory. */
  String node();

  Upstream upstream();

  SandboxLevel sandbox();

  /** Returns the reason why the sandbox is not {@code full}; empty if it is. */
  String sandboxReason();

  /** Returns the version that the Claude CLI reports. */
  String cliVersion();
}
