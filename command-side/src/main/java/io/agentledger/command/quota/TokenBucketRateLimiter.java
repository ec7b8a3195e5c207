package io.agentledger.command.quota;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimitDecision.Limit;
import io.agentledger.api.quota.RateLimitDecision.Refusal;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.command.support.BoundedMap;
import io.github.bucket4j.BandwidthBuilder;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.VerboseResult;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bucket of calls for each person, in the database: of two nodes that take at once one waits for
 * the other. Both limits are in the one bucket, so a call takes from both or from none. A bucket is
 * named by its limits, too: other limits begin with a full one. When the database is away calls are
 * let through uncounted; they will hardly get further.
 */
final class TokenBucketRateLimiter implements RateLimiter, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TokenBucketRateLimiter.class);
  private static final int STRANGERS_MAX = 10_000;
  private static final int PURGED_AT_ONCE = 1000;
  private static final Duration KEPT = Duration.ofMinutes(5);
  private static final Duration PAUSE_OF_WARNINGS = Duration.ofMinutes(1);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final CompareAndSwapBuckets buckets;
  private final EffectiveLimits limits;
  private final int strangersPerMinute;
  private final Clock clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<Instant> warned = new AtomicReference<>(Instant.EPOCH);
  private final Map<String, Bucket> strangers = BoundedMap.used(STRANGERS_MAX);

  TokenBucketRateLimiter(
      DataSource database, EffectiveLimits limits, int strangersPerMinute, Clock clock) {
    this.limits = limits;
    this.strangersPerMinute = strangersPerMinute;
    this.clock = clock;
    this.buckets =
        new CompareAndSwapBuckets(
            database,
            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT),
            clock);
  }

  @Override
  public CompletionStage<RateLimitDecision> acquire(Caller caller, int calls) {
    return CompletableFuture.supplyAsync(() -> decide(caller, calls), threads)
        .exceptionally(this::uncounted);
  }

  private RateLimitDecision decide(Caller caller, int calls) {
    var most = limits.limitsOf(caller.tenant(), caller.user());
    var name =
        "%s/%s/%d/%d"
            .formatted(caller.tenant(), caller.user(), most.callsPerMinute(), most.callsPerHour());
    var result =
        buckets
            .getProxy(name, () -> configuration(most))
            .asVerbose()
            .tryConsumeAndReturnRemaining(calls);
    return allowance(result, most, calls);
  }

  private static BucketConfiguration configuration(UserLimits most) {
    return BucketConfiguration.builder()
        .addLimit(
            BandwidthBuilder.builder()
                .capacity(most.callsPerMinute())
                .refillGreedy(most.callsPerMinute(), MINUTE)
                .build())
        .addLimit(
            BandwidthBuilder.builder()
                .capacity(most.callsPerHour())
                .refillGreedy(most.callsPerHour(), HOUR)
                .build())
        .build();
  }

  private static RateLimitDecision allowance(
      VerboseResult<ConsumptionProbe> result, UserLimits most, int calls) {
    long[] left = result.getDiagnostics().getAvailableTokensPerEachBandwidth();
    var minute = policy("minute", most.callsPerMinute(), MINUTE, left[0]);
    var hour = policy("hour", most.callsPerHour(), HOUR, left[1]);
    var probe = result.getValue();
    if (probe.isConsumed()) return new RateLimitDecision(List.of(minute, hour), Optional.empty());
    var empty = hour.remaining() < calls ? hour : minute; // The one that is waited for longest.
    return new RateLimitDecision(
        List.of(minute, hour),
        Optional.of(new Refusal(empty, Duration.ofNanos(probe.getNanosToWaitForRefill()))));
  }

  private static Limit policy(String name, long quota, Duration window, long remaining) {
    long left = Math.max(0, remaining);
    return new Limit(name, quota, window, left, window.multipliedBy(quota - left).dividedBy(quota));
  }

  private RateLimitDecision uncounted(Throwable failure) {
    var now = clock.instant();
    var last = warned.get();
    if (now.isAfter(last.plus(PAUSE_OF_WARNINGS)) && warned.compareAndSet(last, now))
      log.atWarn().setCause(failure).log("calls are not counted: the database does not answer");
    return RateLimitDecision.UNCOUNTED;
  }

  @Override
  public boolean tryAcquireAnonymous(String address) {
    synchronized (strangers) {
      return strangers
          .computeIfAbsent(
              address,
              source ->
                  Bucket.builder()
                      .addLimit(
                          BandwidthBuilder.builder()
                              .capacity(strangersPerMinute)
                              .refillGreedy(strangersPerMinute, MINUTE)
                              .build())
                      .build())
          .tryConsume(1);
    }
  }

  /** Removes buckets that have been full for a while; how many those were. */
  int purge() {
    int removed = 0;
    int last;
    do {
      last = buckets.removeExpired(PURGED_AT_ONCE);
      removed += last;
    } while (last == PURGED_AT_ONCE);
    return removed;
  }

  @Override
  public void close() {
    threads.close();
  }
}
