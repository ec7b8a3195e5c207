package io.agentledger.command.session;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.command.session.JobCounts.JobCount;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The queues of the whole service: runs, and the short work beside them. */
final class JobsHealthCheck implements HealthCheck {
  private final JobCounts counts;

  JobsHealthCheck(JobCounts counts) {
    this.counts = counts;
  }

  @Override
  public String name() {
    return "jobs";
  }

  @Override
  public ComponentHealth check() {
    var all = List.of(counts.runs(), counts.deadlines());
    var details = new LinkedHashMap<String, Object>();
    for (var count : all) details.put(count.queue(), details(count));
    if (all.stream().anyMatch(count -> count.abandoned() > 0))
      return ComponentHealth.degraded(
          name(), "Jobs are in the hands of a node that is silent.", details);
    if (all.stream().anyMatch(count -> count.failed() > 0))
      return ComponentHealth.degraded(name(), "Jobs failed and will be tried again.", details);
    return ComponentHealth.up(name(), "Jobs are carried out.", details);
  }

  private static Map<String, Object> details(JobCount count) {
    return Map.of(
        "due", count.due(),
        "running", count.running(),
        "failed", count.failed(),
        "abandoned", count.abandoned());
  }
}
