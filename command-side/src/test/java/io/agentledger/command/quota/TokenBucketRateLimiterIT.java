package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.command.CommandTestSupport;
import io.agentledger.command.quota.RateLimitConfiguration.CallPool;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Each call is counted once, on whichever node. */
@TestPropertySource(
    properties = {
      "agentledger.quota.user.calls-per-minute=1000",
      "agentledger.quota.user.calls-per-hour=50",
      "agentledger.quota.anonymous-requests-per-minute=3"
    })
class TokenBucketRateLimiterIT extends CommandTestSupport {
  @Autowired private RateLimiter rateLimiter;
  @Autowired private CallPool pool;
  @Autowired private EffectiveLimits limits;

  private static RateLimitDecision acquire(RateLimiter from, Caller caller, int count) {
    return from.acquire(caller, count).toCompletableFuture().join();
  }

  @Test
  void reportsTheRemainderOfBothLimits() {
    var rateLimitDecision = acquire(rateLimiter, newCaller(), 1);
    assertThat(rateLimitDecision.refusal()).isEmpty();
    assertThat(rateLimitDecision.policies())
        .extracting(
            RateLimitDecision.Limit::name,
            RateLimitDecision.Limit::quota,
            RateLimitDecision.Limit::remaining)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("minute", 1000L, 999L),
            org.assertj.core.groups.Tuple.tuple("hour", 50L, 49L));
    assertThat(rateLimitDecision.policies().getLast().reset()).isEqualTo(Duration.ofSeconds(72));
  }

  @Test
  void twoNodesTogetherKeepTheLimit() {
    var ada = newCaller();
    try (var other = new TokenBucketRateLimiter(pool.connections(), limits, 1, Clock.systemUTC())) {
      var taken =
          IntStream.range(0, 200)
              .mapToObj(
                  n -> (n % 2 == 0 ? rateLimiter : other).acquire(ada, 1).toCompletableFuture())
              .toList();
      assertThat(taken.stream().map(CompletableFuture::join))
          .filteredOn(rateLimitDecision -> rateLimitDecision.refusal().isEmpty())
          .hasSize(50)
          .allSatisfy(rateLimitDecision -> assertThat(rateLimitDecision.policies()).isNotEmpty());
    }
  }

  @Test
  void rejectionNamesTheLimitAndTheRetryTime() {
    var ada = newCaller();
    acquire(rateLimiter, ada, 50);
    var refused = acquire(rateLimiter, ada, 1).refusal().orElseThrow();
    assertThat(refused.policy().name()).isEqualTo("hour");
    assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(60), Duration.ofSeconds(72));
    assertThat(acquire(rateLimiter, newCaller(), 1).refusal()).isEmpty();
  }

  @Test
  void rejectedCallDoesNotConsumeTheOtherLimit() {
    var ada = newCaller();
    acquire(rateLimiter, ada, 50);
    acquire(rateLimiter, ada, 10);
    assertThat(acquire(rateLimiter, ada, 1).policies().getFirst().remaining())
        .isGreaterThanOrEqualTo(950);
  }

  @Test
  void nodeSeesCallsOfAnotherNodeAndRecoversFromDatabaseLoss() {
    var ada = newCaller();
    acquire(rateLimiter, ada, 10);
    try (var other = new TokenBucketRateLimiter(pool.connections(), limits, 1, Clock.systemUTC())) {
      acquire(other, ada, 20);
    }
    assertThat(acquire(rateLimiter, ada, 1).policies().getLast().remaining()).isEqualTo(19);
    sql.sql("delete from quota_bucket where id like ?").param(ada.tenant() + "/%").update();
    assertThat(acquire(rateLimiter, ada, 1).policies().getLast().remaining()).isEqualTo(49);
  }

  @Test
  void anonymousClientsAreCountedByAddress() {
    for (int i = 0; i < 3; i++) assertThat(rateLimiter.tryAcquireAnonymous("192.0.2.1")).isTrue();
    assertThat(rateLimiter.tryAcquireAnonymous("192.0.2.1")).isFalse();
    assertThat(rateLimiter.hasAnonymousAllowance("192.0.2.1")).isFalse();
    assertThat(rateLimiter.hasAnonymousAllowance("192.0.2.2")).isTrue();
    assertThat(rateLimiter.tryAcquireAnonymous("192.0.2.2")).isTrue();
  }

  @Test
  void fullBucketsAreRemoved() {
    var ada = newCaller();
    acquire(rateLimiter, ada, 1);
    assertThat(buckets(ada)).isOne();
    sql.sql("update quota_bucket set expires_at = 1 where id like ?")
        .param(ada.tenant() + "/%")
        .update();
    assertThat(((TokenBucketRateLimiter) rateLimiter).purge()).isPositive();
    assertThat(buckets(ada)).isZero();
  }

  private long buckets(Caller caller) {
    return sql.sql("select count(*) from quota_bucket where id like ?")
        .param(caller.tenant() + "/%")
        .query(Long.class)
        .single();
  }
}
