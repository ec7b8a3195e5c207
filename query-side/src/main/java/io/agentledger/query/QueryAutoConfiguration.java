package io.agentledger.query;

import io.agentledger.projection.ProjectionAutoConfiguration;
import io.agentledger.projection.session.Sessions;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.audit.AuditQueryConfiguration;
import io.agentledger.query.cost.CostQueryConfiguration;
import io.agentledger.query.environment.EnvironmentQueryConfiguration;
import io.agentledger.query.hook.HookQueryConfiguration;
import io.agentledger.query.identity.IdentityQueryConfiguration;
import io.agentledger.query.mcp.McpQueryConfiguration;
import io.agentledger.query.ops.OpsQueryConfiguration;
import io.agentledger.query.permission.PermissionQueryConfiguration;
import io.agentledger.query.quota.QuotaQueryConfiguration;
import io.agentledger.query.session.SessionQueryConfiguration;
import io.agentledger.query.support.CursorKey;
import io.agentledger.query.support.Cursors;
import io.agentledger.query.support.Opened;
import io.agentledger.query.support.Reading;
import io.agentledger.query.support.SeenSessions;
import io.agentledger.query.template.TemplateQueryConfiguration;
import io.agentledger.query.vault.VaultQueryConfiguration;
import io.agentledger.store.Home;
import io.agentledger.store.content.Sealer;
import io.agentledger.store.event.Aliases;
import io.agentledger.store.identity.Admitted;
import io.agentledger.store.telemetry.Observed;
import io.micrometer.core.instrument.MeterRegistry;
import org.axonframework.config.Configuration;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.queryhandling.LoggingQueryInvocationErrorHandler;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryBusSpanFactory;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The answering side. */
@AutoConfiguration(
    after = ProjectionAutoConfiguration.class,
    beforeName = "org.axonframework.springboot.autoconfig.AxonAutoConfiguration")
@Import({
  SessionQueryConfiguration.class,
  IdentityQueryConfiguration.class,
  VaultQueryConfiguration.class,
  EnvironmentQueryConfiguration.class,
  TemplateQueryConfiguration.class,
  PermissionQueryConfiguration.class,
  HookQueryConfiguration.class,
  McpQueryConfiguration.class,
  AuditQueryConfiguration.class,
  QuotaQueryConfiguration.class,
  CostQueryConfiguration.class,
  OpsQueryConfiguration.class
})
public class QueryAutoConfiguration {
  @Bean
  Cursors cursors(Home home) {
    return new Cursors(CursorKey.in(home));
  }

  @Bean
  Reading reading(
      @Qualifier("eventStore") EventStore store,
      Progress progress,
      PlatformTransactionManager transactions) {
    var reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    return new Reading(store, progress, reading);
  }

  /**
   * Axon's own, without a transaction around each query: who waits for a projection must not hold
   * one of the connections that the projection needs. Handlers open short ones for reading.
   */
  @Bean
  @Qualifier("localSegment")
  SimpleQueryBus queryBus(Configuration axon, ObjectProvider<MeterRegistry> meters) {
    var bus =
        SimpleQueryBus.builder()
            .messageMonitor(axon.messageMonitor(QueryBus.class, "queryBus"))
            .errorHandler(LoggingQueryInvocationErrorHandler.builder().build())
            .queryUpdateEmitter(axon.getComponent(QueryUpdateEmitter.class))
            .spanFactory(axon.getComponent(QueryBusSpanFactory.class))
            .build();
    bus.registerHandlerInterceptor(
        new CorrelationDataInterceptor<>(axon.correlationDataProviders()));
    bus.registerHandlerInterceptor(
        new Observed<>("agentledger.queries", "query", meters::getIfAvailable));
    bus.registerHandlerInterceptor(new Admitted<>());
    return bus;
  }

  @Bean
  SeenSessions seenSessions(
      Sessions sessions, @Qualifier("eventStore") EventStore store, Progress progress) {
    return new SeenSessions(sessions, store, progress);
  }

  @Bean
  Opened openedFields(Sealer sealer, Aliases events) {
    return new Opened(sealer, events);
  }
}
