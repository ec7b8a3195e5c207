package io.agentledger.command.claude.runner;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import java.util.Map;

/** What agents are run with on this node, and how many processes there are. */
final class CliHealth implements HealthCheck {
  private final NodeInfo node;
  private final ProcessPool pool;
  private final ResourceLimiter resourceLimiter;

  CliHealth(NodeInfo node, ProcessPool pool, ResourceLimiter resourceLimiter) {
    this.resourceLimiter = resourceLimiter;
    this.node = node;
    this.pool = pool;
  }

  @Override
  public String name() {
    return "cli";
  }

  @Override
  public ComponentHealth check() {
    var processes = pool.count();
    var details =
        Map.<String, Object>of(
            "version", node.cliVersion(),
            "sandbox", node.sandbox(),
            "sandbox_reason", node.sandboxReason(),
            "limits", resourceLimiter.describeEnforced(),
            "limits_open", resourceLimiter.describeUnenforced(),
            "processes_busy", processes.busy(),
            "processes_idle", processes.idle(),
            "processes_max", processes.max());
    if (node.sandbox() == SandboxLevel.NONE)
      return ComponentHealth.degraded(
          name(), "There is no sandbox: only the local owner may run agents.", details);
    if (processes.busy() + processes.idle() > processes.max())
      return ComponentHealth.degraded(
          name(), "More processes are at work than should be kept.", details);
    return ComponentHealth.up(name(), "The CLI is installed, and its sandbox holds.", details);
  }
}
