package io.agentledger.store.event;

import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.SmartInitializingSingleton;

/** Prevents a start with defaults that lose data: no transactions, or tokens in memory. */
public final class AxonConfigurationCheck implements SmartInitializingSingleton {
  private final Configuration axon;
  private final EventProcessingConfiguration processing;

  public AxonConfigurationCheck(Configuration axon, EventProcessingConfiguration processing) {
    this.axon = axon;
    this.processing = processing;
  }

  @Override
  public void afterSingletonsInstantiated() {
    require(axon.eventSerializer(), EventSerializer.class);
    for (Serializer serializer : new Serializer[] {axon.serializer(), axon.messageSerializer()})
      require(serializer, StoredJsonSerializer.class);
    require(axon.getComponent(TransactionManager.class), SpringTransactionManager.class);
    require(axon.getComponent(TokenStore.class), JdbcTokenStore.class);
    require(axon.eventStore(), NotifyingEventStore.class);
    processing
        .eventProcessors()
        .forEach(
            (name, processor) -> {
              if (processor instanceof StreamingEventProcessor)
                require(processing.tokenStore(name), JdbcTokenStore.class);
            });
  }

  private static void require(Object actual, Class<?> expected) {
    if (!expected.isInstance(actual))
      throw new IllegalStateException(
          "must be " + expected.getSimpleName() + ", is " + actual.getClass().getName());
  }
}
