package io.agentledger.store.event;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.shared.EventFamilies;
import io.agentledger.store.NodeHome;
import io.agentledger.store.postgres.ConnectionPools;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.config.EventProcessingModule;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.jdbc.EventSchema;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.modelling.saga.ResourceInjector;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.modelling.saga.repository.jdbc.JdbcSagaStore;
import org.axonframework.modelling.saga.repository.jdbc.SagaSchema;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.AutowiredAnnotationBeanPostProcessor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** Axon on PostgreSQL by JDBC. Every bean here replaces a default that polls or loses data. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
public class EventStoreConfiguration {
  @Bean
  EventAliases aliases() {
    return new EventAliases(EventFamilies.ALL);
  }

  /**
   * Creates the serializer of tokens and snapshots, which have Java names because they can be
   * recreated. Sagas have stable names.
   */
  @Bean
  @Primary
  Serializer serializer() {
    return StoredJsonSerializer.create();
  }

  @Bean
  @Qualifier("messageSerializer")
  Serializer messageSerializer() {
    return StoredJsonSerializer.create();
  }

  @Bean
  @Qualifier("eventSerializer")
  Serializer eventSerializer(EventAliases aliases) {
    return new EventSerializer(aliases);
  }

  /**
   * Returns Spring's transaction manager. Axon 4.13 looks for it after auto-configurations that
   * Boot 4 has renamed; it may find none and then works without transactions, silently.
   */
  @Bean
  TransactionManager axonTransactionManager(PlatformTransactionManager spring) {
    return new SpringTransactionManager(spring);
  }

  /** Provides the Spring transaction's connection, once per unit of work. */
  @Bean
  ConnectionProvider connectionProvider(DataSource events) {
    return new UnitOfWorkAwareConnectionProviderWrapper(
        new SpringDataSourceConnectionProvider(events));
  }

  @Bean
  EventUpcaster eventUpcasters() {
    return new EventUpcasterChain(EventUpcasters.ALL);
  }

  @Bean
  @Qualifier("eventStore")
  NotifyingEventStore eventBus(
      EventAliases aliases,
      Serializer serializer,
      @Qualifier("eventSerializer") Serializer eventSerializer,
      ConnectionProvider connections,
      TransactionManager transactions,
      Configuration axon,
      DataSource database,
      NodeHome home) {
    var engine =
        (JdbcEventStorageEngine.Builder)
            JdbcEventStorageEngine.builder()
                .schema(EventSchema.builder().eventTable("event").snapshotTable("snapshot").build())
                .connectionProvider(connections)
                .snapshotSerializer(serializer)
                .eventSerializer(eventSerializer)
                .upcasterChain(axon.upcasterChain())
                .snapshotFilter(axon.snapshotFilter())
                .persistenceExceptionResolver(new UniqueViolationResolver());
    return new NotifyingEventStore(
        new GaplessEventStorageEngine(
            engine, transactions, new SpringDataSourceConnectionProvider(database), home.node()),
        aliases);
  }

  @Bean
  EventProcessingModule eventProcessingModule() {
    return new IndexedEventProcessing();
  }

  @Bean
  TokenStore tokenStore(ConnectionProvider connections, Serializer serializer, NodeHome home) {
    return new NodeTokenStore(connections, serializer, home.node());
  }

  /**
   * Sets the annotated fields of sagas. Axon's default depends on a post-processor that a context
   * with generated bean definitions does not have, and then sets none.
   */
  @Bean
  ResourceInjector sagaResourceInjector(BeanFactory beans) {
    var processor = new AutowiredAnnotationBeanPostProcessor();
    processor.setBeanFactory(beans);
    return processor::processInjection;
  }

  @Bean
  SagaStore<Object> sagaStore(
      ConnectionProvider connections, Serializer serializer, ListableBeanFactory beans) {
    var schema =
        SagaSchema.builder()
            .sagaEntryTable("saga")
            .associationValueEntryTable("saga_association")
            .build();
    return JdbcSagaStore.builder()
        .connectionProvider(connections)
        .sqlSchema(new NamedSagaSqlSchema(schema, sagas(beans)))
        .serializer(serializer)
        .build();
  }

  private static List<Class<?>> sagas(ListableBeanFactory beans) {
    return Arrays.stream(beans.getBeanNamesForAnnotation(Saga.class))
        .<Class<?>>map(name -> Objects.requireNonNull(beans.getType(name)))
        .toList();
  }

  /** Replaces Axon's own provider. */
  @Bean
  CorrelationDataProvider provenance() {
    return new ProvenanceCorrelationProvider();
  }

  @Bean
  PooledProcessorsModule pooledProcessors() {
    return new PooledProcessorsModule();
  }

  @Bean
  LiveEventFeed liveEventFeed(@Qualifier("eventStore") EventStore store) {
    return new LiveEventFeed(store);
  }

  @Bean
  CommitNotifications commitNotifications(
      NotifyingEventStore store, ConnectionPools pools, NodeHome home) {
    return new CommitNotifications(store, pools::connect, home.node());
  }

  @Bean
  HealthCheck nodesHealth(JdbcClient sql, ObjectProvider<Clock> clock, NodeHome home) {
    return new NodesHealthCheck(sql, clock.getIfAvailable(Clock::systemUTC), home.node());
  }

  @Bean
  AxonConfigurationCheck storeCheck(Configuration axon, EventProcessingConfiguration processing) {
    return new AxonConfigurationCheck(axon, processing);
  }
}
