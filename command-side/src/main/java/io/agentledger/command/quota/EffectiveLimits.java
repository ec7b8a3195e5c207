package io.agentledger.command.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaQuery.FindLimits;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.support.BoundedMap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;

/**
 * Cache of the limits that apply to a user, for decisions that are too frequent to load the quota
 * each time. A change takes effect within a few seconds. While their read model is replayed, the
 * limits that were read last apply, and the default ones to a user whose limits were not read.
 */
final class EffectiveLimits {
  private static final Duration CACHE_TTL = Duration.ofSeconds(2);
  private static final int REMEMBERED_MAX = 10_000;

  private final QueryGateway queries;
  private final DefaultLimits defaultLimits;
  private final Clock clock;
  private final Map<FindLimits, CachedLimits> cache =
      Collections.synchronizedMap(BoundedMap.accessOrdered(REMEMBERED_MAX));

  private record CachedLimits(UserLimits limits, Instant expiresAt) {}

  EffectiveLimits(QueryGateway queries, DefaultLimits defaultLimits, Clock clock) {
    this.queries = queries;
    this.defaultLimits = defaultLimits;
    this.clock = clock;
  }

  /** Returns the limits of a user; empty if they are not cached. */
  Optional<UserLimits> findCached(TenantId tenant, UserId user) {
    return Optional.ofNullable(cache.get(new FindLimits(tenant, user)))
        .filter(cached -> clock.instant().isBefore(cached.expiresAt()))
        .map(CachedLimits::limits);
  }

  /** Returns the limits of a user. Blocks on the database if they are not cached. */
  UserLimits limitsOf(TenantId tenant, UserId user) {
    return findCached(tenant, user).orElseGet(() -> loadAndCache(new FindLimits(tenant, user)));
  }

  private UserLimits loadAndCache(FindLimits query) {
    var expiresAt = clock.instant().plus(CACHE_TTL);
    var limits = load(query);
    cache.put(query, new CachedLimits(limits, expiresAt));
    return limits;
  }

  private UserLimits load(FindLimits query) {
    try {
      return queries
          .query(
              new GenericMessage<>(query, MessageAuthorizer.SYSTEM),
              ResponseTypes.instanceOf(UserLimits.class))
          .join();
    } catch (RuntimeException e) {
      if (isUnavailable(e instanceof CompletionException ? e.getCause() : e))
        return lastKnown(query);
      throw e;
    }
  }

  /** Returns whether this node has no query handlers, or the read model is replayed. */
  private static boolean isUnavailable(@Nullable Throwable failure) {
    return failure instanceof NoHandlerForQueryException
        || failure instanceof RejectionException refused
            && refused.rejection() instanceof ProjectionRebuilding;
  }

  private UserLimits lastKnown(FindLimits query) {
    var last = cache.get(query);
    return last == null ? defaultsOf(query.userId()) : last.limits();
  }

  private UserLimits defaultsOf(UserId user) {
    return user.equals(defaultLimits.ownerId())
        ? defaultLimits.ownerLimits()
        : defaultLimits.bounded(user, defaultLimits.tenantLimits().perUser());
  }
}
