package io.agentledger.command.mcp;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.shared.Ids;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Checks a server once, outside of any transaction, shortly after a check was requested. */
final class McpServerCheckJob {
  static final String NAME = "check-mcp-server";

  private final McpServerChecker mcpServerChecker;

  /** Data of a job, in plain types because the job table has a mapper of its own. */
  record JobData(String server, Map<String, String> provenance) {}

  McpServerCheckJob(McpServerChecker mcpServerChecker) {
    this.mcpServerChecker = mcpServerChecker;
  }

  OneTimeTask<JobData> task() {
    return Tasks.oneTime(NAME, JobData.class)
        .execute(
            (instance, context) -> {
              var jobData = instance.getData();
              mcpServerChecker.check(
                  Provenance.of(jobData.provenance()), new McpServerId(jobData.server()));
            });
  }

  /**
   * Creates the scheduler. Each request is a separate job, because a check in progress may have
   * read an older configuration.
   */
  static McpServerCheckScheduler scheduler(SchedulerClient jobs, Clock clock) {
    return (server, provenance) ->
        jobs.scheduleIfNotExists(
            new TaskInstance<>(NAME, Ids.random("chk"), jobData(server, provenance)),
            clock.instant());
  }

  static JobData jobData(McpServerId server, Provenance requestProvenance) {
    var provenance = new HashMap<String, String>();
    requestProvenance
        .withoutSource()
        .asMetadata()
        .forEach((key, value) -> provenance.put(key, "" + value));
    return new JobData(server.value(), provenance);
  }
}
