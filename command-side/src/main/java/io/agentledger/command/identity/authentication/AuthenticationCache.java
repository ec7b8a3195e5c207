package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.api.identity.event.TenantEvent;
import io.agentledger.api.identity.event.UserEvent;
import io.agentledger.store.support.BoundedMap;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cache of authentication results and of active users, bounded in size and time. A change event
 * removes the entries that it affects, and discards lookups that are in progress.
 */
final class AuthenticationCache {
  private static final int ENTRIES_MAX = 10_000;

  /** Maximum age of an active user on a node that did not get a change. */
  private static final Duration ACTIVE_TTL = Duration.ofMinutes(1);

  private final long ttlNanos;
  private final Map<Object, CacheEntry> entries = BoundedMap.accessOrdered(ENTRIES_MAX);
  private final Map<ActiveUser, Long> activeUsers = BoundedMap.accessOrdered(ENTRIES_MAX);
  private long changes;

  AuthenticationCache(Duration ttl) {
    this.ttlNanos = ttl.toNanos();
  }

  private record CacheEntry(CachedCaller caller, long foundNanos) {}

  private record ActiveUser(TenantId tenant, UserId user) {
    private boolean isChangedBy(IdentityEvent event) {
      return switch (event) {
        case TenantEvent changed -> tenant.equals(changed.tenantId());
        case UserEvent changed -> user.equals(changed.userId());
        default -> false;
      };
    }
  }

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
    if (changes != changesBefore) return;
    entries.put(credential, new CacheEntry(cachedCaller, System.nanoTime()));
    storeActive(cachedCaller.caller().tenant(), cachedCaller.caller().user(), changesBefore);
  }

  /** Returns whether the user is known to be active, and the tenant not to be suspended. */
  synchronized boolean isActive(TenantId tenant, UserId user) {
    @Nullable Long foundNanos = activeUsers.get(new ActiveUser(tenant, user));
    return foundNanos != null && System.nanoTime() - foundNanos < ACTIVE_TTL.toNanos();
  }

  /** Stores that a user is active, unless a change has occurred since. */
  synchronized void storeActive(TenantId tenant, UserId user, long changesBefore) {
    if (changes == changesBefore) activeUsers.put(new ActiveUser(tenant, user), System.nanoTime());
  }

  synchronized void evictChangedBy(IdentityEvent event) {
    changes++;
    entries.values().removeIf(entry -> entry.caller().isChangedBy(event));
    activeUsers.keySet().removeIf(active -> active.isChangedBy(event));
  }
}
