package io.agentledger.query.ops;

import io.agentledger.api.ops.OpsQuery.CheckHealth;
import io.agentledger.api.ops.OpsQuery.GetStatistics;
import io.agentledger.api.ops.StatisticsView;
import io.agentledger.api.ops.SystemHealthView;
import io.agentledger.query.support.ProjectionFreshness;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.transaction.support.TransactionTemplate;

/** Handles queries about the health of the service and its statistics. */
final class HealthQueryHandler {
  private final HealthCheckRunner healthCheckRunner;
  private final StatisticsReader statistics;
  private final TransactionTemplate transaction;
  private final ProjectionFreshness freshness;

  HealthQueryHandler(
      HealthCheckRunner healthCheckRunner,
      StatisticsReader statistics,
      TransactionTemplate transaction,
      ProjectionFreshness freshness) {
    this.healthCheckRunner = healthCheckRunner;
    this.statistics = statistics;
    this.transaction = transaction;
    this.freshness = freshness;
  }

  /** Runs outside of any transaction, because the database may be down. */
  @QueryHandler
  SystemHealthView check(CheckHealth query) {
    return healthCheckRunner.check();
  }

  /** Reads all numbers in one snapshot. */
  @QueryHandler
  StatisticsView findStatistics(GetStatistics query) {
    freshness.requireComplete("session");
    return java.util.Objects.requireNonNull(transaction.execute(status -> statistics.read(query)));
  }
}
