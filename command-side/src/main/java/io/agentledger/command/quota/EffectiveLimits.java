package io.agentledger.command.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaQuery.FindLimits;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.command.support.BoundedMap;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.axonframework.queryhandling.QueryGateway;

/**
 * Cache of the limits that apply to a user, for decisions that are too frequent to load the quota
 * each time. A change takes effect within a few seconds.
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

  /** Returns the limits of a user. Blocks on the database if they are not cached. */
  UserLimits limitsOf(TenantId tenant, UserId user) {
    var query = new FindLimits(tenant, user);
    var now = clock.instant();
    var remembered = cache.get(query);
    if (remembered != null && now.isBefore(remembered.expiresAt())) return remembered.limits();
    var limits = load(query);
    cache.put(query, new CachedLimits(limits, now.plus(CACHE_TTL)));
    return limits;
  }

  private UserLimits load(FindLimits query) {
    try {
      return queries
          .query(
              new GenericMessage<>(query, MessageAuthorizer.SYSTEM),
              ResponseTypes.instanceOf(UserLimits.class))
          .join();
    } catch (NoHandlerForQueryException e) {
      return defaultsOf(query.userId()); // A node without query handlers.
    } catch (CompletionException e) {
      if (e.getCause() instanceof NoHandlerForQueryException) return defaultsOf(query.userId());
      throw e;
    }
  }

  private UserLimits defaultsOf(UserId user) {
    return user.equals(defaultLimits.ownerId())
        ? defaultLimits.ownerLimits()
        : defaultLimits.bounded(user, defaultLimits.tenantLimits().perUser());
  }
}
