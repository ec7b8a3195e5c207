package io.agentledger.command.quota;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimitDecision.Limit;
import io.agentledger.api.quota.RateLimitDecision.Refusal;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.command.support.CompareAndSwapBuckets;
import io.agentledger.store.support.BoundedMap;
import io.github.bucket4j.BandwidthBuilder;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rate limiter with one token bucket per user, in the database, so that it holds over all nodes.
 * Both limits are in one bucket, so a call consumes from both or from none. A busy user's tokens
 * are {@linkplain PrefetchedTokens taken in advance}. The limits are part of the bucket's key, so
 * changed limits start with a full bucket. If the database is not available, or does not answer
 * within {@link #TIMEOUT}, calls are permitted uncounted; they will hardly succeed anyway.
 */
final class TokenBucketRateLimiter implements RateLimiter, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TokenBucketRateLimiter.class);

  /** Maximum time that a call waits to be counted. */
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final int USERS_MAX = 10_000;
  private static final int ANONYMOUS_CLIENTS_MAX = 10_000;
  private static final int PURGE_BATCH_SIZE = 1000;
  private static final Duration RETENTION = Duration.ofMinutes(5);
  private static final Duration WARNING_INTERVAL = Duration.ofMinutes(1);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final CompareAndSwapBuckets buckets;
  private final EffectiveLimits limits;
  private final int anonymousPerMinute;
  private final Clock clock;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<Instant> lastWarning = new AtomicReference<>(Instant.EPOCH);
  private final Map<BucketKey, PrefetchedTokens> prefetched =
      Collections.synchronizedMap(BoundedMap.accessOrdered(USERS_MAX));
  private final Map<String, Bucket> anonymousBuckets =
      BoundedMap.accessOrdered(ANONYMOUS_CLIENTS_MAX);

  /** User and limits of one bucket. */
  private record BucketKey(TenantId tenant, UserId user, long callsPerMinute, long callsPerHour) {
    private static BucketKey of(Caller caller, UserLimits limits) {
      return new BucketKey(
          caller.tenant(), caller.user(), limits.callsPerMinute(), limits.callsPerHour());
    }

    private String name() {
      return "%s/%s/%d/%d".formatted(tenant, user, callsPerMinute, callsPerHour);
    }
  }

  TokenBucketRateLimiter(
      DataSource database, EffectiveLimits limits, int anonymousPerMinute, Clock clock) {
    this.limits = limits;
    this.anonymousPerMinute = anonymousPerMinute;
    this.clock = clock;
    this.buckets =
        new CompareAndSwapBuckets(
            database,
            ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(RETENTION),
            clock);
  }

  @Override
  public CompletionStage<RateLimitDecision> acquire(Caller caller, int calls) {
    return limits
        .findCached(caller.tenant(), caller.user())
        .flatMap(userLimits -> take(tokensOf(BucketKey.of(caller, userLimits)), userLimits, calls))
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> decideLater(caller, calls));
  }

  private CompletableFuture<RateLimitDecision> decideLater(Caller caller, int calls) {
    return CompletableFuture.supplyAsync(() -> decide(caller, calls), executor)
        .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(this::allowUncounted);
  }

  private PrefetchedTokens tokensOf(BucketKey key) {
    return prefetched.computeIfAbsent(key, unknown -> new PrefetchedTokens(System::nanoTime));
  }

  private RateLimitDecision decide(Caller caller, int calls) {
    var userLimits = limits.limitsOf(caller.tenant(), caller.user());
    var key = BucketKey.of(caller, userLimits);
    var tokens = tokensOf(key);
    return take(tokens, userLimits, calls)
        .orElseGet(
            () -> {
              tokens.fetching().lock();
              try {
                return take(tokens, userLimits, calls)
                    .orElseGet(() -> fetch(key.name(), userLimits, calls, tokens));
              } finally {
                tokens.fetching().unlock();
              }
            });
  }

  private static Optional<RateLimitDecision> take(
      PrefetchedTokens tokens, UserLimits userLimits, int calls) {
    return tokens
        .take(calls)
        .map(remaining -> new RateLimitDecision(toLimits(userLimits, remaining), Optional.empty()));
  }

  /** Takes tokens from the bucket, some of them in advance if it has enough. */
  private RateLimitDecision fetch(
      String name, UserLimits userLimits, int calls, PrefetchedTokens tokens) {
    var bucket = buckets.getProxy(name, () -> configuration(userLimits)).asVerbose();
    tokens.count(calls);
    long ahead = tokens.wanted();
    var result = bucket.tryConsumeAndReturnRemaining(calls + ahead);
    if (ahead > 0 && !result.getValue().isConsumed()) {
      ahead = 0;
      result = bucket.tryConsumeAndReturnRemaining(calls);
    }
    long[] remaining =
        tokens.add(ahead, result.getDiagnostics().getAvailableTokensPerEachBandwidth());
    return toDecision(result.getValue(), toLimits(userLimits, remaining), calls);
  }

  private static BucketConfiguration configuration(UserLimits userLimits) {
    return BucketConfiguration.builder()
        .addLimit(
            BandwidthBuilder.builder()
                .capacity(userLimits.callsPerMinute())
                .refillGreedy(userLimits.callsPerMinute(), MINUTE)
                .build())
        .addLimit(
            BandwidthBuilder.builder()
                .capacity(userLimits.callsPerHour())
                .refillGreedy(userLimits.callsPerHour(), HOUR)
                .build())
        .build();
  }

  /** Returns the limits of a minute and of an hour. */
  private static List<Limit> toLimits(UserLimits userLimits, long[] remaining) {
    return List.of(
        toLimit("minute", userLimits.callsPerMinute(), MINUTE, remaining[0]),
        toLimit("hour", userLimits.callsPerHour(), HOUR, remaining[1]));
  }

  private static RateLimitDecision toDecision(
      ConsumptionProbe probe, List<Limit> policies, int calls) {
    if (probe.isConsumed()) return new RateLimitDecision(policies, Optional.empty());
    var hour = policies.getLast();
    var empty = hour.remaining() < calls ? hour : policies.getFirst(); // The longest wait.
    return new RateLimitDecision(
        policies,
        Optional.of(new Refusal(empty, Duration.ofNanos(probe.getNanosToWaitForRefill()))));
  }

  private static Limit toLimit(String name, long quota, Duration window, long remaining) {
    long remainingTokens = Math.clamp(remaining, 0, quota);
    return new Limit(
        name,
        quota,
        window,
        remainingTokens,
        window.multipliedBy(quota - remainingTokens).dividedBy(quota));
  }

  private RateLimitDecision allowUncounted(Throwable failure) {
    var now = clock.instant();
    var last = lastWarning.get();
    if (now.isAfter(last.plus(WARNING_INTERVAL)) && lastWarning.compareAndSet(last, now))
      log.atWarn().setCause(failure).log("calls are not counted: the database does not answer");
    return RateLimitDecision.UNLIMITED;
  }

  @Override
  public boolean tryAcquireAnonymous(String address) {
    synchronized (anonymousBuckets) {
      return anonymousBuckets
          .computeIfAbsent(
              address,
              source ->
                  Bucket.builder()
                      .addLimit(
                          BandwidthBuilder.builder()
                              .capacity(anonymousPerMinute)
                              .refillGreedy(anonymousPerMinute, MINUTE)
                              .build())
                      .build())
          .tryConsume(1);
    }
  }

  @Override
  public boolean hasAnonymousAllowance(String address) {
    synchronized (anonymousBuckets) {
      var bucket = anonymousBuckets.get(address);
      return bucket == null || bucket.getAvailableTokens() > 0;
    }
  }

  @Override
  public int anonymousCallsPerMinute() {
    return anonymousPerMinute;
  }

  /** Removes expired buckets and returns their number. */
  int purge() {
    int removed = 0;
    int last;
    do {
      last = buckets.removeExpired(PURGE_BATCH_SIZE);
      removed += last;
    } while (last == PURGE_BATCH_SIZE);
    return removed;
  }

  @Override
  public void close() {
    executor.close();
  }
}
