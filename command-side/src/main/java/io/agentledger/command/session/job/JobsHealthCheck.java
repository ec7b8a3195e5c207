package io.agentledger.command.session.job;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.command.session.job.JobCounts.JobCount;
import io.agentledger.command.session.job.JobCounts.TroubledJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Health of the job queues of all nodes. */
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
    var all = counts.queues().stream().map(counts::count).toList();
    var details = new LinkedHashMap<String, Object>();
    for (var count : all) details.put(count.queue(), details(count));
    if (all.stream().allMatch(count -> count.abandoned() == 0 && count.failed() == 0))
      return ComponentHealth.up(name(), "Jobs are executed.", details);
    details.put(
        "troubled",
        counts.queues().stream()
            .map(counts::findTroubled)
            .flatMap(List::stream)
            .map(JobsHealthCheck::details)
            .toList());
    if (all.stream().anyMatch(count -> count.abandoned() > 0))
      return ComponentHealth.degraded(
          name(),
          "Jobs are assigned to a node that sends no heartbeats; restart that node.",
          details);
    return ComponentHealth.degraded(name(), "Jobs failed and will be retried.", details);
  }

  /** Returns the details of a job, with the API call that ends its run. */
  private static Map<String, Object> details(TroubledJob job) {
    var details = new LinkedHashMap<String, Object>();
    details.put("queue", job.queue());
    details.put("name", job.name());
    details.put("failures", job.failures());
    if (!job.node().isEmpty()) details.put("node", job.node());
    if (!job.session().isEmpty()) details.put("session_id", job.session());
    if (job.queue().equals(JobConfiguration.RUNS))
      details.put("call", "POST /api/v1/sessions/" + job.session() + "/interrupt");
    return details;
  }

  private static Map<String, Object> details(JobCount count) {
    return Map.of(
        "due", count.due(),
        "running", count.running(),
        "failed", count.failed(),
        "abandoned", count.abandoned());
  }
}
