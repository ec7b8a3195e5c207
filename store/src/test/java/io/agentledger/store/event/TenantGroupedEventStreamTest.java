package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.Test;

/**
 * Consecutive events of one tenant have the token of the last of them; none is lost or repeated.
 */
class TenantGroupedEventStreamTest {
  private final InMemoryEventStorageEngine engine = new InMemoryEventStorageEngine();
  private final SharedEventPages pages = new SharedEventPages(engine);
  private final TenantGroupedEventStream stream =
      new TenantGroupedEventStream(
          new PagedEventStream(pages, null, ConcurrentHashMap.newKeySet()));
  private long appended;

  @Test
  void groupEndsWithTheTenant() throws InterruptedException {
    append("a", 2);
    append("b", 1);
    append("a", 1);
    assertThat(readEvents()).containsExactly("0 @1", "1 @1", "2 @2", "3 @3");
  }

  @Test
  void groupEndsWithTheStream() throws InterruptedException {
    append("a", 2);
    assertThat(readEvents()).containsExactly("0 @1", "1 @1");
    append("a", 2);
    assertThat(stream.peek()).isPresent();
    assertThat(readEvents()).containsExactly("2 @3", "3 @3");
    assertThat(stream.peek()).isEmpty();
  }

  @Test
  void groupHasALimit() throws InterruptedException {
    append("a", 10);
    assertThat(readEvents()).contains("0 @7", "7 @7", "8 @9", "9 @9").hasSize(10);
  }

  /** Axon's documentation does not say so; its processor does it for the results of upcasters. */
  @Test
  void pooledProcessorHandlesAGroupInOneUnitOfWork() {
    append("a", 2);
    append("b", 1);
    var units = new ConcurrentLinkedQueue<UnitOfWork<?>>();
    var handler =
        new Object() {
          @EventHandler
          void on(String event) {
            units.add(CurrentUnitOfWork.get().root());
          }
        };
    var executor = Executors.newScheduledThreadPool(2);
    var tokens = new InMemoryTokenStore();
    var processor =
        PooledStreamingEventProcessor.builder()
            .name("grouped")
            .eventHandlerInvoker(SimpleEventHandlerInvoker.builder().eventHandlers(handler).build())
            .messageSource(
                new TenantGroupedEventSource(
                    EmbeddedEventStore.builder().storageEngine(engine).build()))
            .tokenStore(tokens)
            .transactionManager(NoTransactionManager.instance())
            .coordinatorExecutor(executor)
            .workerExecutor(executor)
            .initialSegmentCount(1)
            .batchSize(1)
            .initialToken(StreamableMessageSource::createTailToken)
            .build();
    processor.start();
    try {
      await().until(() -> units.size() == 3);
      assertThat(Set.copyOf(units)).hasSize(2);
      await().until(() -> tokens.fetchToken("grouped", 0).position().orElse(-1) == 2);
    } finally {
      processor.shutDown();
      executor.shutdownNow();
    }
  }

  private void append(String tenant, int events) {
    for (int i = 0; i < events; i++)
      engine.appendEvents(
          new GenericDomainEventMessage<>(
              "Story", "one", appended++, "event", Map.of(Provenance.TENANT, tenant)));
    pages.recordCommit();
  }

  /** Returns the number of each event with its position. */
  private List<String> readEvents() throws InterruptedException {
    var read = new ArrayList<String>();
    while (stream.hasNextAvailable(0, TimeUnit.SECONDS)) {
      var event = stream.nextAvailable();
      var number = ((DomainEventMessage<?>) event).getSequenceNumber();
      read.add(number + " @" + event.trackingToken().position().orElseThrow());
    }
    return read;
  }
}
