package io.agentledger.command.claude.runner;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.run.SilentRun;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Health of the CLI installation, its sandbox and the number of processes on this node. */
final class CliHealth implements HealthCheck {
  private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

  private final NodeInfo node;
  private final ProcessPool<ProcessSupervisor> pool;
  private final ResourceLimiter resourceLimiter;
  private final Clock clock;

  CliHealth(
      NodeInfo node,
      ProcessPool<ProcessSupervisor> pool,
      ResourceLimiter resourceLimiter,
      Clock clock) {
    this.clock = clock;
    this.resourceLimiter = resourceLimiter;
    this.node = node;
    this.pool = pool;
  }

  @Override
  public String name() {
    return "cli";
  }

  /** Runs in progress without output, although they wait for nothing. */
  private List<Map<String, Object>> silentRuns() {
    Instant now = clock.instant();
    return pool.supervisors().stream()
        .flatMap(supervisor -> supervisor.findSilentRun().stream())
        .filter(run -> run.since().plus(SILENCE_MAX).isBefore(now))
        .map(run -> details(run, Duration.between(run.since(), now)))
        .toList();
  }

  private static Map<String, Object> details(SilentRun run, Duration silence) {
    return Map.of(
        "session_id", run.session().value(),
        "run_id", run.run().value(),
        "silent_seconds", silence.toSeconds(),
        "call", "POST /api/v1/sessions/" + run.session() + "/interrupt");
  }

  @Override
  public ComponentHealth check() {
    var processes = pool.count();
    var silentRuns = silentRuns();
    var details =
        Map.<String, Object>of(
            "version", node.cliVersion(),
            "sandbox", node.sandbox(),
            "sandbox_reason", node.sandboxReason(),
            "limits", resourceLimiter.describeEnforced(),
            "limits_open", resourceLimiter.describeUnenforced(),
            "processes_busy", processes.busy(),
            "processes_idle", processes.idle(),
            "processes_max", processes.max(),
            "silent_runs", silentRuns);
    if (!silentRuns.isEmpty())
      return ComponentHealth.degraded(
          name(), "Runs get no output from their CLI; they are resumed within a minute.", details);
    if (node.sandbox() == SandboxLevel.NONE)
      return ComponentHealth.degraded(
          name(), "There is no sandbox: only the local owner may run agents.", details);
    if (processes.busy() + processes.idle() > processes.max())
      return ComponentHealth.degraded(
          name(), "More processes are running than the configured maximum.", details);
    return ComponentHealth.up(name(), "The CLI is installed, and its sandbox works.", details);
  }
}
