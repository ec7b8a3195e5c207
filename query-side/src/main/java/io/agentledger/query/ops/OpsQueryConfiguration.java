package io.agentledger.query.ops;

import io.agentledger.api.ops.HealthPart;
import io.agentledger.projection.ops.DeadLetters;
import io.agentledger.projection.ops.Projections;
import io.agentledger.query.support.Cursors;
import io.agentledger.store.Home;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans that answer operators. */
@Configuration(proxyBeanMethods = false)
public class OpsQueryConfiguration {
  /** Longer than a part that works ever needs, and short enough for who waits at a screen. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Bean
  Checkup checkup(List<HealthPart> parts, Home home, ObjectProvider<Clock> clock) {
    return new Checkup(parts, home.node(), clock.getIfAvailable(Clock::systemUTC), PATIENCE);
  }

  @Bean
  HealthQueries healthQueries(
      Checkup checkup, JdbcClient sql, PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    reading.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    return new HealthQueries(checkup, new Statistics(sql), reading);
  }

  @Bean
  OpsQueries opsQueries(
      Projections projections,
      DeadLetters letters,
      @Qualifier("eventStore") EventStore store,
      Cursors cursors) {
    return new OpsQueries(projections, letters, store, cursors);
  }
}
