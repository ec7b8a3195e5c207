package io.agentledger.projection.ops;

import org.axonframework.config.EventProcessingConfiguration;
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
  Projections projections(EventProcessingConfiguration processing) {
    return new Projections(processing);
  }

  @Bean
  Replays replays(Projections projections) {
    return new Replays(projections);
  }
}
