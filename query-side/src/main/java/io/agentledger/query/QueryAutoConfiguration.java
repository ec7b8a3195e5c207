package io.agentledger.query;

import io.agentledger.projection.ProjectionAutoConfiguration;
import io.agentledger.projection.ops.DeadLetterReader;
import io.agentledger.projection.ops.ProjectionControl;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.query.agent.AgentQueryConfiguration;
import io.agentledger.query.audit.AuditQueryConfiguration;
import io.agentledger.query.channel.ChannelQueryConfiguration;
import io.agentledger.query.chat.ChatQueryConfiguration;
import io.agentledger.query.cost.CostQueryConfiguration;
import io.agentledger.query.environment.EnvironmentQueryConfiguration;
import io.agentledger.query.flow.FlowQueryConfiguration;
import io.agentledger.query.hook.HookQueryConfiguration;
import io.agentledger.query.identity.IdentityQueryConfiguration;
import io.agentledger.query.mcp.McpQueryConfiguration;
import io.agentledger.query.ops.OpsQueryConfiguration;
import io.agentledger.query.permission.PermissionQueryConfiguration;
import io.agentledger.query.quota.QuotaQueryConfiguration;
import io.agentledger.query.report.ReportQueryConfiguration;
import io.agentledger.query.session.SessionQueryConfiguration;
import io.agentledger.query.session.search.SearchQueryConfiguration;
import io.agentledger.query.subscription.SubscriptionQueryConfiguration;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.CursorKey;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.query.support.SessionVisibility;
import io.agentledger.query.task.TaskQueryConfiguration;
import io.agentledger.query.template.TemplateQueryConfiguration;
import io.agentledger.query.trigger.TriggerQueryConfiguration;
import io.agentledger.query.vault.VaultQueryConfiguration;
import io.agentledger.store.NodeHome;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.EventAliases;
import io.agentledger.store.identity.AuthorizationInterceptor;
import io.agentledger.store.telemetry.MetricsInterceptor;
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

/** Beans of the query side. */
@AutoConfiguration(
    after = ProjectionAutoConfiguration.class,
    beforeName = "org.axonframework.springboot.autoconfig.AxonAutoConfiguration")
@Import({
  SessionQueryConfiguration.class,
  SearchQueryConfiguration.class,
  IdentityQueryConfiguration.class,
  VaultQueryConfiguration.class,
  EnvironmentQueryConfiguration.class,
  TemplateQueryConfiguration.class,
  AgentQueryConfiguration.class,
  TaskQueryConfiguration.class,
  TriggerQueryConfiguration.class,
  ChannelQueryConfiguration.class,
  FlowQueryConfiguration.class,
  ReportQueryConfiguration.class,
  SubscriptionQueryConfiguration.class,
  ChatQueryConfiguration.class,
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
  CursorCodec cursorCodec(NodeHome home) {
    return new CursorCodec(CursorKey.loadOrCreate(home));
  }

  @Bean
  ProjectionFreshness projectionFreshness(
      @Qualifier("eventStore") EventStore store,
      ProjectionControl projections,
      ProjectionCommitSignal projectionCommitSignal) {
    return new ProjectionFreshness(store, projections, projectionCommitSignal);
  }

  @Bean
  ReadModelAccess readModelAccess(
      @Qualifier("eventStore") EventStore store,
      ProjectionCommitSignal projectionCommitSignal,
      DeadLetterReader deadLetters,
      ProjectionFreshness projectionFreshness) {
    return new ReadModelAccess(store, projectionCommitSignal, deadLetters, projectionFreshness);
  }

  @Bean
  ConfigurationReader configurationReader(
      ReadModelAccess readModelAccess, CursorCodec cursorCodec) {
    return new ConfigurationReader(readModelAccess, cursorCodec);
  }

  /**
   * Axon's query bus without a transaction around each query, because a query that waits for a
   * projection must not hold a connection that the projection needs. Handlers open short
   * transactions for reading.
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
        new MetricsInterceptor<>("agentledger.queries", "query", meters::getIfAvailable));
    bus.registerHandlerInterceptor(new AuthorizationInterceptor<>());
    return bus;
  }

  @Bean
  SessionVisibility sessionVisibility(
      SessionRowRepository sessions, @Qualifier("eventStore") EventStore store) {
    return new SessionVisibility(sessions, store);
  }

  @Bean
  ContentReader contentReader(Sealer sealer, EventAliases events) {
    return new ContentReader(sealer, events);
  }
}
