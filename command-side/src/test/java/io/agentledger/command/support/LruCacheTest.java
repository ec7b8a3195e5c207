package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.store.Topology;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.common.caching.Cache.EntryListenerAdapter;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.junit.jupiter.api.Test;

class LruCacheTest {
  private final LruCache cache = new LruCache(2);

  @Test
  void evictsTheLeastRecentlyUsed() {
    cache.put("a", 1);
    cache.put("b", 2);
    cache.<String, Integer>get("a");
    cache.put("c", 3);
    assertThat(cache.containsKey("a")).isTrue();
    assertThat(cache.containsKey("b")).isFalse();
    assertThat(cache.<String, Integer>get("c")).isEqualTo(3);
  }

  @Test
  void putIfAbsentKeepsAnExistingValue() {
    assertThat(cache.putIfAbsent("a", 1)).isTrue();
    assertThat(cache.putIfAbsent("a", 2)).isFalse();
    assertThat(cache.<Integer>computeIfAbsent("a", () -> 3)).isEqualTo(1);
    assertThat(cache.<Integer>computeIfAbsent("b", () -> 4)).isEqualTo(4);
  }

  @Test
  void removedValueIsAbsent() {
    cache.put("a", 1);
    assertThat(cache.remove("a")).isTrue();
    assertThat(cache.remove("a")).isFalse();
    cache.put("b", 2);
    cache.removeAll();
    assertThat(cache.<String, Integer>get("b")).isNull();
  }

  @Test
  void computingNullRemovesTheValue() {
    cache.put("a", 1);
    cache.<Integer>computeIfPresent("a", one -> one + 1);
    assertThat(cache.<String, Integer>get("a")).isEqualTo(2);
    cache.<Integer>computeIfPresent("a", one -> null);
    cache.<Integer>computeIfPresent("a", one -> 7);
    assertThat(cache.containsKey("a")).isFalse();
  }

  @Test
  void listenersAreNotifiedUntilUnregistered() {
    List<Object> received = new ArrayList<>();
    var registration =
        cache.registerCacheEntryListener(
            new EntryListenerAdapter() {
              @Override
              public void onEntryExpired(Object key) {
                received.add(key);
              }

              @Override
              public void onEntryRemoved(Object key) {
                received.add(key);
              }
            });
    cache.put("a", 1);
    cache.remove("a");
    cache.put("c", 3);
    cache.put("d", 4);
    cache.put("e", 5); // Evicts "c".
    registration.cancel();
    cache.put("b", 2);
    cache.remove("b");
    assertThat(received).containsExactly("a", "c");
  }

  @Test
  void aggregateHasTheEventsOfOtherNodesWhenItIsLoaded() {
    EventStore store = store();
    var counters = counters(store);
    store.publish(counted(0));
    assertThat(load(counters)).isEqualTo(1);
    store.publish(counted(1), counted(2));
    assertThat(load(counters)).isEqualTo(3);
    assertThat(load(counters)).isEqualTo(3);
  }

  @Test
  void aggregateThatGotOnlySomeEventsIsReadAgain() {
    EventStore store = store();
    var counters = counters(store);
    store.publish(counted(0));
    assertThat(load(counters)).isEqualTo(1);
    Counter.failures = 1;
    store.publish(counted(1), counted(2));
    assertThatThrownBy(() -> load(counters)).hasStackTraceContaining("a handler failed");
    assertThat(load(counters)).isEqualTo(3);
  }

  private static EventStore store() {
    return EmbeddedEventStore.builder().storageEngine(new InMemoryEventStorageEngine()).build();
  }

  private static EventSourcingRepository<Counter> counters(EventStore store) {
    return EventSourcingRepository.builder(Counter.class)
        .eventStore(store)
        .cache(LruCache.ofCurrentAggregates(2, store, new Topology(false)))
        .build();
  }

  private static DomainEventMessage<Counted> counted(long sequence) {
    return new GenericDomainEventMessage<>("Counter", "a", sequence, new Counted("a"));
  }

  private static int load(EventSourcingRepository<Counter> counters) {
    return DefaultUnitOfWork.startAndGet(null)
        .executeWithResult(() -> counters.load("a").invoke(counter -> counter.count))
        .getPayload();
  }

  record Counted(String id) {}

  static final class Counter {
    static int failures;
    @AggregateIdentifier private String id = "";
    private int count;

    @EventSourcingHandler
    void on(Counted event) {
      if (count == 2 && failures-- > 0) throw new IllegalStateException("a handler failed");
      id = event.id();
      count++;
    }
  }
}
