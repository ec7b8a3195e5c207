package io.agentledger.command.mcp;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
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
  private static final int AT_A_TIME = 200;
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
        page.forEach(this::putDown);
        page = page(page.getLast().id().value());
      }
    } catch (CompletionException failed) {
      if (!(failed.getCause() instanceof NoHandlerForQueryException)) throw failed;
      log.atDebug().log("no side of this node knows which servers there are");
    }
  }

  private List<McpServerRef> page(String after) {
    return queries
        .query(
            new ListMcpServersToCheck(after, AT_A_TIME),
            ResponseTypes.multipleInstancesOf(McpServerRef.class))
        .join();
  }

  private void putDown(McpServerRef server) {
    var provenance =
        new Provenance(
            server.tenant(),
            Actor.SERVICE,
            new CredentialId(Ids.derived(CredentialId.PREFIX, "agentledger")),
            Ids.random("req"));
    var moment = clock.instant().plusMillis(random.nextLong(spread.toMillis() + 1));
    jobs.scheduleIfNotExists(
        new TaskInstance<>(
            McpServerCheckJob.NAME,
            "round-" + server.id(),
            McpServerCheckJob.ticket(server.id(), provenance)),
        moment);
  }
}
