package io.agentledger.command.quota;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.store.postgres.ConnectionPools;
import io.agentledger.store.postgres.RelaxedCommit;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Beans for rate limits. They use a small connection pool of their own, so that a busy service can
 * still reject calls quickly.
 */
@Configuration(proxyBeanMethods = false)
class RateLimitConfiguration {
  private static final int CONNECTIONS = 4;
  private static final Duration PURGE_INTERVAL = Duration.ofMinutes(10);

  @Bean
  EffectiveLimits effectiveLimits(QueryGateway queries, DefaultLimits defaultLimits, Clock clock) {
    return new EffectiveLimits(queries, defaultLimits, clock);
  }

  @Bean
  CallPool callPool(ConnectionPools pools) {
    var pool = pools.configure("calls", CONNECTIONS);
    pool.setConnectionTimeout(TokenBucketRateLimiter.TIMEOUT.toMillis());
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionInitSql(RelaxedCommit.OF_CONNECTION); // A crash may lose counted calls.
    return new CallPool(new HikariDataSource(pool));
  }

  /** Wraps the pool, so that it is not injected as the application's data source. */
  record CallPool(HikariDataSource connections) implements AutoCloseable {
    @Override
    public void close() {
      connections.close();
    }
  }

  @Bean
  @DependsOnDatabaseInitialization
  TokenBucketRateLimiter callBuckets(
      CallPool pool, EffectiveLimits limits, QuotaSettings settings, Clock clock) {
    return new TokenBucketRateLimiter(
        pool.connections(), limits, settings.anonymousRequestsPerMinute(), clock);
  }

  @Bean
  Task<Void> purgeCallBuckets(TokenBucketRateLimiter buckets) {
    return Tasks.recurring("purge-rate-limits", FixedDelay.of(PURGE_INTERVAL))
        .execute((instance, context) -> buckets.purge());
  }
}
