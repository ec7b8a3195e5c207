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
 * The limits that count for somebody, remembered for a few seconds: for what is decided too often
 * to ask the quota each time. A change takes effect within that time.
 */
final class EffectiveLimits {
  private static final Duration REMEMBERED = Duration.ofSeconds(2);
  private static final int REMEMBERED_MAX = 10_000;

  private final QueryGateway queries;
  private final DefaultLimits defaultLimits;
  private final Clock clock;
  private final Map<FindLimits, Known> known =
      Collections.synchronizedMap(BoundedMap.used(REMEMBERED_MAX));

  private record Known(UserLimits limits, Instant until) {}

  EffectiveLimits(QueryGateway queries, DefaultLimits defaultLimits, Clock clock) {
    this.queries = queries;
    this.defaultLimits = defaultLimits;
    this.clock = clock;
  }

  /** Blocks on the database, now and then. */
  UserLimits limitsOf(TenantId tenant, UserId user) {
    var question = new FindLimits(tenant, user);
    var now = clock.instant();
    var remembered = known.get(question);
    if (remembered != null && now.isBefore(remembered.until())) return remembered.limits();
    var limits = load(question);
    known.put(question, new Known(limits, now.plus(REMEMBERED)));
    return limits;
  }

  private UserLimits load(FindLimits question) {
    try {
      return queries
          .query(
              new GenericMessage<>(question, MessageAuthorizer.SYSTEM),
              ResponseTypes.instanceOf(UserLimits.class))
          .join();
    } catch (NoHandlerForQueryException nobody) {
      return standard(question.userId()); // A node that only decides.
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof NoHandlerForQueryException)
        return standard(question.userId());
      throw failed;
    }
  }

  private UserLimits standard(UserId user) {
    return user.equals(defaultLimits.owner())
        ? defaultLimits.ofOwner()
        : defaultLimits.tenant().each();
  }
}
