package io.agentledger.query.ops;

import io.agentledger.projection.ops.DeadLetters;
import io.agentledger.projection.ops.Projections;
import io.agentledger.query.support.Cursors;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about projections. */
@Configuration(proxyBeanMethods = false)
public class OpsQueryConfiguration {
  @Bean
  OpsQueries opsQueries(
      Projections projections,
      DeadLetters letters,
      @Qualifier("eventStore") EventStore store,
      Cursors cursors) {
    return new OpsQueries(projections, letters, store, cursors);
  }
}
