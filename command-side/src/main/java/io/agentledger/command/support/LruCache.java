package io.agentledger.command.support;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
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

  /** Holds at most {@code countMax} entries. */
  public LruCache(int countMax) {
    this.entries =
        BoundedMap.accessOrdered(
            countMax, (key, value) -> listeners.forEach(listener -> listener.onEntryExpired(key)));
  }

  @Override
  public synchronized <K, V> @Nullable V get(K key) {
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
