package io.agentledger.query.ops;

import io.agentledger.api.ops.OpsQuery.CheckHealth;
import io.agentledger.api.ops.OpsQuery.GetStatistics;
import io.agentledger.api.ops.StatisticsView;
import io.agentledger.api.ops.SystemHealthView;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.transaction.support.TransactionTemplate;

/** Handles queries about the health of the service and its statistics. */
final class HealthQueryHandler {
  private final HealthCheckRunner healthCheckRunner;
  private final StatisticsReader statistics;
  private final TransactionTemplate transaction;

  HealthQueryHandler(
      HealthCheckRunner healthCheckRunner,
      StatisticsReader statistics,
      TransactionTemplate transaction) {
    this.healthCheckRunner = healthCheckRunner;
    this.statistics = statistics;
    this.transaction = transaction;
  }

  /** Runs outside of any transaction, because the database may be down. */
  @QueryHandler
  SystemHealthView check(CheckHealth query) {
    return healthCheckRunner.check();
  }

  /** Reads all numbers in one snapshot. */
  @QueryHandler
  StatisticsView findStatistics(GetStatistics query) {
    return java.util.Objects.requireNonNull(transaction.execute(status -> statistics.read(query)));
  }
}
