package io.agentledger.query.environment;

import io.agentledger.projection.environment.EnvironmentRows;
import io.agentledger.projection.environment.EnvironmentVersionRows;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.environment.EnvironmentQueries.Reading;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about environments. */
@Configuration(proxyBeanMethods = false)
public class EnvironmentQueryConfiguration {
  @Bean
  EnvironmentQueries environmentQueries(
      EnvironmentRows environments,
      EnvironmentVersionRows versions,
      @Qualifier("eventStore") EventStore store,
      Progress progress,
      Opened opened,
      Cursors cursors) {
    return new EnvironmentQueries(
        environments, versions, new Reading(store, progress, opened), cursors);
  }
}
