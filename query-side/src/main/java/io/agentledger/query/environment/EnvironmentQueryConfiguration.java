package io.agentledger.query.environment;

import io.agentledger.projection.environment.EnvironmentRows;
import io.agentledger.projection.environment.EnvironmentVersionRows;
import io.agentledger.query.environment.EnvironmentQueries.Tables;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.Reading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about environments. */
@Configuration(proxyBeanMethods = false)
public class EnvironmentQueryConfiguration {
  @Bean
  Tables environmentTables(
      EnvironmentRows environments, EnvironmentVersionRows versions, Opened opened) {
    return new Tables(environments, versions, opened);
  }

  @Bean
  EnvironmentQueries environmentQueries(Tables tables, Reading reading, Cursors cursors) {
    return new EnvironmentQueries(tables, reading, cursors);
  }
}
