package io.agentledger.command.claude.runner;

import io.agentledger.api.model.Upstream;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.sandbox.CliInstallation;
import io.agentledger.command.claude.sandbox.Sandbox;

/** What this node runs agents with. */
record RunnerNodeFacts(String node, Upstream upstream, Sandbox box) implements NodeInfo {

  @Override
  public SandboxLevel sandbox() {
    return box.level();
  }

  @Override
  public String sandboxReason() {
    return switch (box.level()) {
      case FULL -> "";
      case SHARED_UID -> "the service is not started as root, so that sessions share its user";
      case NONE -> box.why();
    };
  }

  @Override
  public String cliVersion() {
    return CliInstallation.VERSION;
  }
}
