package io.agentledger.query.audit;

import io.agentledger.projection.audit.AuditLog;
import io.agentledger.projection.ops.Projections;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.audit.AuditQueries.Freshness;
import io.agentledger.query.support.Cursors;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about access. */
@Configuration(proxyBeanMethods = false)
public class AuditQueryConfiguration {
  @Bean
  AuditQueries auditQueries(
      AuditLog audit,
      Cursors cursors,
      @Qualifier("eventStore") EventStore store,
      Projections projections,
      Progress progress) {
    return new AuditQueries(audit, cursors, new Freshness(store, projections, progress));
  }
}
