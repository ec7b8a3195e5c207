package io.agentledger.query.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.ops.ProjectionRebuilds;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.store.NodeHome;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Query handlers for operators. */
@Configuration(proxyBeanMethods = false)
public class OpsQueryConfiguration {
  /**
   * Time limit of a health check: sufficient for a working component, and short enough for an
   * interactive request.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  @Bean
  HealthCheckRunner healthCheckRunner(
      List<HealthCheck> healthChecks, NodeHome home, ObjectProvider<Clock> clock) {
    return new HealthCheckRunner(
        healthChecks, home.node(), clock.getIfAvailable(Clock::systemUTC), TIMEOUT);
  }

  @Bean
  HealthQueryHandler healthQueries(
      HealthCheckRunner healthCheckRunner,
      DataSource database,
      PlatformTransactionManager transactions,
      ProjectionFreshness freshness) {
    var transaction = new TransactionTemplate(transactions);
    transaction.setReadOnly(true);
    transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    return new HealthQueryHandler(
        healthCheckRunner, new StatisticsReader(database), transaction, freshness);
  }

  @Bean
  ProjectionQueryHandler opsQueries(
      ProjectionControl projections,
      ProjectionRebuilds rebuilds,
      DeadLetterReader letters,
      @Qualifier("eventStore") EventStore store,
      CursorCodec cursorCodec) {
    return new ProjectionQueryHandler(projections, rebuilds, letters, store, cursorCodec);
  }
}
