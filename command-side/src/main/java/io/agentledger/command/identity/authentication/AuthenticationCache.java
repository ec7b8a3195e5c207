package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.command.support.BoundedMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cache of authentication results, bounded in size and time. A change event removes the entries
 * that it affects, and discards lookups that are in progress.
 */
final class AuthenticationCache {
  private static final int ENTRIES_MAX = 10_000;

  private final long ttlNanos;
  private final Map<Object, CacheEntry> entries = BoundedMap.accessOrdered(ENTRIES_MAX);
  private long changes;

  AuthenticationCache(Duration ttl) {
    this.ttlNanos = ttl.toNanos();
  }

  private record CacheEntry(CachedCaller caller, long foundNanos) {}

  synchronized Optional<CachedCaller> find(Object credential) {
    @Nullable CacheEntry entry = entries.get(credential);
    if (entry == null) return Optional.empty();
    if (System.nanoTime() - entry.foundNanos() < ttlNanos) return Optional.of(entry.caller());
    entries.remove(credential);
    return Optional.empty();
  }

  /** Returns the number of changes; read it before a lookup and pass it to {@link #store}. */
  synchronized long changeCount() {
    return changes;
  }

  /** Stores the result of a lookup, unless a change has occurred since. */
  synchronized void store(Object credential, CachedCaller cachedCaller, long changesBefore) {
    if (changes == changesBefore)
      entries.put(credential, new CacheEntry(cachedCaller, System.nanoTime()));
  }

  synchronized void evictChangedBy(IdentityEvent event) {
    changes++;
    entries.values().removeIf(entry -> entry.caller().isChangedBy(event));
  }
}
