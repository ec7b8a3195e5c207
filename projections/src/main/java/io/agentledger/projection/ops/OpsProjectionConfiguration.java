package io.agentledger.projection.ops;

import io.agentledger.api.ops.HealthPart;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import org.axonframework.config.EventProcessingConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The beans that look after projections. */
@Configuration(proxyBeanMethods = false)
public class OpsProjectionConfiguration {
  @Bean
  DeadLetters deadLetters(JdbcClient sql) {
    return new DeadLetters(sql);
  }

  @Bean
  Lags lags(
      EventProcessingConfiguration processing,
      JdbcClient sql,
      DeadLetters letters,
      ObjectProvider<Clock> clock) {
    return new Lags(processing, sql, letters, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  HealthPart processorsHealth(Lags lags, JdbcClient sql) {
    return new ProcessorsHealth(lags, sql);
  }

  @Bean
  MeterBinder readModelMeters(EventProcessingConfiguration processing, Lags lags, JdbcClient sql) {
    return new ReadModelMeters(processing, lags, sql);
  }

  @Bean
  Projections projections(EventProcessingConfiguration processing) {
    return new Projections(processing);
  }

  @Bean
  Replays replays(Projections projections) {
    return new Replays(projections);
  }
}
