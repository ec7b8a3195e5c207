package io.agentledger.command.support;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.eventsourcing.SnapshotterSpanFactory;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.spring.eventsourcing.SpringAggregateSnapshotter;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;

/**
 * Configures a separate thread for snapshots. Axon's default is the thread that has just committed,
 * which still holds the aggregate's lock and needs a second connection: if all connections wait for
 * that aggregate, this is a deadlock.
 */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
public class SnapshotConfiguration {

  @Bean(destroyMethod = "shutdown")
  ExecutorService snapshots() {
    return Executors.newSingleThreadExecutor(
        Thread.ofPlatform().name("snapshots").daemon().factory());
  }

  @Bean
  Snapshotter aggregateSnapshotter(
      Configuration axon,
      @Qualifier("snapshots") ExecutorService snapshots,
      @Qualifier("eventStore") EventStore store,
      HandlerDefinition handlers,
      ParameterResolverFactory parameters) {
    return SpringAggregateSnapshotter.builder()
        .executor(snapshots)
        .repositoryProvider(axon::repository)
        .transactionManager(axon.getComponent(TransactionManager.class))
        .eventStore(store)
        .parameterResolverFactory(parameters)
        .handlerDefinition(handlers)
        .spanFactory(axon.getComponent(SnapshotterSpanFactory.class))
        .build();
  }
}
