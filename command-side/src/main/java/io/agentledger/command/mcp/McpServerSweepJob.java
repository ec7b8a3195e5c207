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
 * Has every server looked at from time to time, each at a moment of its own, so that they are not
 * all asked at once. One that still waits for its look is not put down a second time.
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
   * @param interval between two rounds
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
      log.atDebug().log("no side of this node knows which servers there are");
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
