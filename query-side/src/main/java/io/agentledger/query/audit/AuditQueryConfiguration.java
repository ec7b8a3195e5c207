package io.agentledger.query.audit;

import io.agentledger.projection.audit.AuditReader;
import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.query.audit.AuditQueryHandler.ProjectionFreshness;
import io.agentledger.query.support.CursorCodec;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that answer about access. */
@Configuration(proxyBeanMethods = false)
public class AuditQueryConfiguration {
  @Bean
  AuditQueryHandler auditQueries(
      AuditReader audit,
      CursorCodec cursorCodec,
      @Qualifier("eventStore") EventStore store,
      ProjectionControl projections,
      ProjectionCommitSignal projectionCommitSignal) {
    return new AuditQueryHandler(
        audit, cursorCodec, new ProjectionFreshness(store, projections, projectionCommitSignal));
  }
}
