package io.agentledger.query.ops;

import io.agentledger.api.ops.OpsQuery.CheckHealth;
import io.agentledger.api.ops.OpsQuery.GetStatistics;
import io.agentledger.api.ops.StatisticsView;
import io.agentledger.api.ops.SystemHealthView;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.transaction.support.TransactionTemplate;

/** Answers how the service is and what was done with it. */
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

  /** Outside of any transaction: the database may be what is broken. */
  @QueryHandler
  SystemHealthView check(CheckHealth query) {
    return healthCheckRunner.check();
  }

  /** All numbers of one moment. */
  @QueryHandler
  StatisticsView findStatistics(GetStatistics query) {
    return java.util.Objects.requireNonNull(transaction.execute(status -> statistics.read(query)));
  }
}
