package io.agentledger.command.support;

import io.agentledger.store.Topology;
import io.agentledger.store.support.BoundedMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventsourcing.AggregateCacheEntry;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.NoSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Bounded cache of the most recently used aggregates. An evicted aggregate is loaded again from its
 * snapshot. Unlike Axon's weak references, entries survive garbage collection. Thread-safe: one
 * lock is held for each lookup, but not while another key is loaded.
 */
@SuppressWarnings("unchecked") // The interface lets callers choose any type.
public final class LruCache implements Cache {
  private final Map<Object, Object> entries;
  private final Set<EntryListener> listeners = ConcurrentHashMap.newKeySet();
  private final Consumer<Object> refresher;

  /** Holds at most {@code countMax} entries. */
  public LruCache(int countMax) {
    this(countMax, entry -> {});
  }

  private LruCache(int countMax, Consumer<Object> refresher) {
    this.refresher = refresher;
    this.entries =
        BoundedMap.accessOrdered(
            countMax, (key, value) -> listeners.forEach(listener -> listener.onEntryExpired(key)));
  }

  /**
   * Creates a cache that brings an aggregate to its last recorded event when it is loaded, because
   * other nodes may have recorded some since. That costs one query, mostly without a result; a
   * single node needs none.
   */
  public static LruCache ofCurrentAggregates(int countMax, EventStore store, Topology topology) {
    if (topology.singleNode()) return new LruCache(countMax);
    return new LruCache(countMax, entry -> refresh((AggregateCacheEntry<?>) entry, store));
  }

  /**
   * Reads the events after the last known one; the repository holds the lock of the aggregate. An
   * entry that was never serialized returns the aggregate that was put, whatever the arguments.
   */
  private static <T> void refresh(AggregateCacheEntry<T> entry, EventStore store) {
    EventSourcedAggregate<T> aggregate =
        entry.recreateAggregate(null, store, NoSnapshotTriggerDefinition.INSTANCE);
    var events = store.readEvents(aggregate.identifierAsString(), aggregate.version() + 1);
    if (events.hasNext()) aggregate.initializeState(events);
  }

  @Override
  public <K, V> @Nullable V get(K key) {
    V value = find(key);
    if (value == null) return null;
    boolean refreshed = false;
    try {
      refresher.accept(value);
      refreshed = true;
    } finally {
      if (!refreshed) remove(key); // It may have got only some of the events.
    }
    return value;
  }

  private synchronized <K, V> @Nullable V find(K key) {
    var value = (V) entries.get(key);
    if (value != null) listeners.forEach(listener -> listener.onEntryRead(key, value));
    return value;
  }

  @Override
  public synchronized void put(Object key, Object value) {
    boolean isKnown = entries.put(key, value) != null;
    for (var listener : listeners)
      if (isKnown) listener.onEntryUpdated(key, value);
      else listener.onEntryCreated(key, value);
  }

  @Override
  public synchronized boolean putIfAbsent(Object key, Object value) {
    if (entries.containsKey(key)) return false;
    put(key, value);
    return true;
  }

  @Override
  public synchronized <T> T computeIfAbsent(Object key, Supplier<T> supplier) {
    var known = (T) get(key);
    if (known != null) return known;
    var made = supplier.get();
    put(key, made);
    return made;
  }

  @Override
  public synchronized boolean remove(Object key) {
    if (entries.remove(key) == null) return false;
    listeners.forEach(listener -> listener.onEntryRemoved(key));
    return true;
  }

  @Override
  public synchronized void removeAll() {
    for (var key : entries.keySet().toArray()) remove(key);
  }

  @Override
  public synchronized boolean containsKey(Object key) {
    return entries.containsKey(key);
  }

  @Override
  public synchronized <V> void computeIfPresent(Object key, UnaryOperator<V> update) {
    var known = (V) entries.get(key);
    if (known == null) return;
    var updated = update.apply(known);
    if (updated == null) remove(key);
    else put(key, updated);
  }

  @Override
  public Registration registerCacheEntryListener(EntryListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
