package io.agentledger.command.mcp;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerCheckQuery.ListMcpServersToCheck;
import io.agentledger.api.mcp.McpServerRef;
import io.agentledger.api.shared.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks all servers periodically, each after a random delay, so that they are not all checked at
 * once. A server whose check is still pending is not scheduled again.
 */
final class McpServerSweepJob {
  static final String NAME = "check-mcp-servers";

  private static final Logger log = LoggerFactory.getLogger(McpServerSweepJob.class);
  private static final int BATCH_SIZE = 200;
  private static final Duration SPREAD_MAX = Duration.ofMinutes(5);

  private final QueryGateway queries;
  private final SchedulerClient jobs;
  private final Duration spread;
  private final Clock clock;
  private final RandomGenerator random = RandomGenerator.getDefault();

  /**
   * @param interval time between two sweeps
   */
  McpServerSweepJob(QueryGateway queries, SchedulerClient jobs, Duration interval, Clock clock) {
    this.queries = queries;
    this.jobs = jobs;
    var half = interval.dividedBy(2);
    this.spread = half.compareTo(SPREAD_MAX) < 0 ? half : SPREAD_MAX;
    this.clock = clock;
  }

  void run() {
    try {
      var page = page("");
      while (!page.isEmpty()) {
        page.forEach(this::schedule);
        page = page(page.getLast().mcpServerId().value());
      }
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof NoHandlerForQueryException)) throw e;
      log.atDebug().log("this node cannot list the MCP servers");
    }
  }

  private List<McpServerRef> page(String after) {
    return queries
        .query(
            new ListMcpServersToCheck(after, BATCH_SIZE),
            ResponseTypes.multipleInstancesOf(McpServerRef.class))
        .join();
  }

  private void schedule(McpServerRef server) {
    var provenance = Provenance.ofSystem(server.tenantId(), Ids.random("req"));
    var moment = clock.instant().plusMillis(random.nextLong(spread.toMillis() + 1));
    jobs.scheduleIfNotExists(
        new TaskInstance<>(
            McpServerCheckJob.NAME,
            "round-" + server.mcpServerId(),
            McpServerCheckJob.jobData(server.mcpServerId(), provenance)),
        moment);
  }
}
