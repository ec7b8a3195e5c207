package io.agentledger.projection.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.store.NodeHome;
import io.agentledger.store.event.NotifyingEventStore;
import io.agentledger.store.postgres.SchemaOwner;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans that monitor and control projections. */
@Configuration(proxyBeanMethods = false)
public class OpsProjectionConfiguration {
  @Bean
  static ReplayGuard replayGuard(ObjectProvider<ProjectionControl> projections) {
    return new ReplayGuard(projections);
  }

  @Bean
  DeadLetterReader deadLetters(JdbcClient sql) {
    return new DeadLetterReader(sql);
  }

  @Bean
  ProcessorLags processorLags(
      EventProcessingConfiguration processing,
      JdbcClient sql,
      DeadLetterReader letters,
      ObjectProvider<Clock> clock) {
    return new ProcessorLags(processing, sql, letters, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  HealthCheck processorsHealth(ProcessorLags lags, JdbcClient sql) {
    return new ProcessorsHealthCheck(lags, sql);
  }

  @Bean
  MeterBinder readModelMeters(
      EventProcessingConfiguration processing, ProcessorLags lags, JdbcClient sql) {
    return new ReadModelMeters(processing, lags, sql);
  }

  @Bean
  ProjectionControl projections(
      EventProcessingConfiguration processing,
      TransactionManager transactions,
      DataSource database,
      StoredTokens storedTokens) {
    return new ProjectionControl(processing, transactions, database, storedTokens);
  }

  @Bean
  StoredTokens storedTokens(JdbcTemplate sql, Serializer serializer) {
    return new StoredTokens(sql, serializer);
  }

  @Bean
  ProjectionRebuilds projectionRebuilds(
      EventProcessingConfiguration processing,
      @Qualifier("eventStore") NotifyingEventStore store,
      TransactionManager transactions,
      JdbcTemplate sql,
      StoredTokens storedTokens,
      SchemaOwner owner,
      NodeHome home,
      Environment settings,
      ObjectProvider<Clock> clock) {
    var table = new ProjectionRebuildTable(JdbcClient.create(sql), home.node());
    return new ProjectionRebuilds(
        processing,
        owner,
        new ProjectionRebuild.Parts(
            store,
            transactions,
            sql,
            storedTokens,
            table,
            settings,
            clock.getIfAvailable(Clock::systemUTC)));
  }

  @Bean
  ProjectionCommandHandler replays(ProjectionControl projections, ProjectionRebuilds rebuilds) {
    return new ProjectionCommandHandler(projections, rebuilds);
  }
}
