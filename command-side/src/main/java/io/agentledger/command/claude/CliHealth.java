package io.agentledger.command.claude;

import io.agentledger.api.ops.HealthPart;
import io.agentledger.api.ops.NodeFacts;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.ops.SystemHealthView.PartView;
import io.agentledger.command.claude.box.Confinement;
import java.util.Map;

/** What agents are run with on this node, and how many processes there are. */
final class CliHealth implements HealthPart {
  private final NodeFacts node;
  private final ClaudePool pool;
  private final Confinement confinement;

  CliHealth(NodeFacts node, ClaudePool pool, Confinement confinement) {
    this.confinement = confinement;
    this.node = node;
    this.pool = pool;
  }

  @Override
  public String name() {
    return "cli";
  }

  @Override
  public PartView look() {
    var processes = pool.count();
    var facts =
        Map.<String, Object>of(
            "version", node.cliVersion(),
            "sandbox", node.sandbox(),
            "sandbox_reason", node.sandboxReason(),
            "limits", confinement.enforced(),
            "limits_open", confinement.open(),
            "processes_busy", processes.busy(),
            "processes_idle", processes.idle(),
            "processes_max", processes.max());
    if (node.sandbox() == SandboxLevel.NONE)
      return PartView.degraded(
          name(), "There is no sandbox: only the local owner may run agents.", facts);
    if (processes.busy() + processes.idle() > processes.max())
      return PartView.degraded(name(), "More processes are at work than should be kept.", facts);
    return PartView.good(name(), "The CLI is installed, and its sandbox holds.", facts);
  }
}
