package io.agentledger.command.claude.runner;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.Sandbox;

/** CLI version, sandbox and model upstream of this node. */
record RunnerNodeInfo(String node, Upstream upstream, Sandbox sandboxChain) implements NodeInfo {

  @Override
  public SandboxLevel sandbox() {
    return sandboxChain.level();
  }

  @Override
  public String sandboxReason() {
    return switch (sandboxChain.level()) {
      case FULL -> "";
      case SHARED_UID -> "the service is not started as root, so that sessions share its user";
      case NONE -> sandboxChain.levelReason();
    };
  }

  @Override
  public String cliVersion() {
    return CliInstallation.VERSION;
  }
}
