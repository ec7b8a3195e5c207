package io.agentledger.command.support;

import io.agentledger.store.support.BoundedMap;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ClientSideConfig;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AbstractCompareAndSwapBasedProxyManager;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.AsyncCompareAndSwapOperation;
import io.github.bucket4j.distributed.proxy.generic.compare_and_swap.CompareAndSwapOperation;
import io.github.bucket4j.distributed.remote.CommandResult;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.Request;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Buckets in a table, exact on any number of nodes, with one SQL statement in most cases: a node
 * tries to replace the state that it wrote last, and reads again if another node has changed it
 * meanwhile. bucket4j's own PostgreSQL support needs four round trips: lock, read, write and
 * commit.
 */
public final class CompareAndSwapBuckets extends AbstractCompareAndSwapBasedProxyManager<String> {
  private static final int REMEMBERED_MAX = 10_000;
  private static final int LOCKS = 256;
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final JdbcClient sql;
  private final ExpirationAfterWriteStrategy expiration;
  private final Clock clock;
  private final Map<String, byte[]> cachedStates =
      Collections.synchronizedMap(BoundedMap.accessOrdered(REMEMBERED_MAX));

  /** Locks by which concurrent calls for a bucket wait in this process and not in the database. */
  private final Lock[] locks =
      IntStream.range(0, LOCKS).mapToObj(n -> new ReentrantLock()).toArray(Lock[]::new);

  /**
   * @param expiration how long a bucket is kept after its last use
   */
  public CompareAndSwapBuckets(
      DataSource database, ExpirationAfterWriteStrategy expiration, Clock clock) {
    super(ClientSideConfig.getDefault());
    this.sql = JdbcClient.create(database);
    this.expiration = expiration;
    this.clock = clock;
  }

  @Override
  public <T> CommandResult<T> execute(String key, Request<T> request) {
    var lock = locks[Math.floorMod(key.hashCode(), LOCKS)];
    lock.lock();
    try {
      return super.execute(key, request);
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected CompareAndSwapOperation beginCompareAndSwapOperation(String key) {
    return new CompareAndSwapOperation() {
      @Override
      public Optional<byte[]> getStateData(Optional<Long> timeoutNanos) {
        return Optional.ofNullable(cachedStates.get(key)).or(() -> read(key));
      }

      @Override
      public boolean compareAndSwap(
          byte @Nullable [] before,
          byte[] after,
          RemoteBucketState state,
          Optional<Long> timeoutNanos) {
        boolean swapped =
            before == null ? insert(key, after, state) : update(key, before, after, state);
        if (swapped) cachedStates.put(key, after);
        else cachedStates.remove(key);
        return swapped;
      }
    };
  }

  private Optional<byte[]> read(String key) {
    return sql.sql("select state from quota_bucket where id = ?")
        .param(key)
        .query((row, n) -> row.getBytes("state"))
        .optional();
  }

  private boolean insert(String key, byte[] state, RemoteBucketState bucket) {
    return sql.sql(
                """
                insert into quota_bucket (id, state, expires_at) values (?, ?, ?)
                on conflict do nothing""")
            .params(key, state, expiry(bucket))
            .update()
        == 1;
  }

  private boolean update(String key, byte[] before, byte[] after, RemoteBucketState bucket) {
    return sql.sql("update quota_bucket set state = ?, expires_at = ? where id = ? and state = ?")
            .params(after, expiry(bucket), key, before)
            .update()
        == 1;
  }

  /**
   * Returns the expiry rounded to minutes, so that the index changes once a minute and not at every
   * call.
   */
  private long expiry(RemoteBucketState bucket) {
    long now = clock.millis();
    long ttlMillis = expiration.calculateTimeToLiveMillis(bucket, now * 1_000_000);
    return Math.ceilDiv(now + ttlMillis, MINUTE) * MINUTE;
  }

  /** Removes up to {@code max} expired buckets and returns their number. */
  public int removeExpired(int max) {
    return sql.sql(
            """
            delete from quota_bucket where id in (
              select id from quota_bucket where expires_at < ? limit ? for update skip locked)""")
        .params(clock.millis(), max)
        .update();
  }

  @Override
  public void removeProxy(String key) {
    cachedStates.remove(key);
    sql.sql("delete from quota_bucket where id = ?").param(key).update();
  }

  @Override
  public boolean isExpireAfterWriteSupported() {
    return true;
  }

  @Override
  public boolean isAsyncModeSupported() {
    return false;
  }

  @Override
  protected AsyncCompareAndSwapOperation beginAsyncCompareAndSwapOperation(String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  protected CompletableFuture<Void> removeAsync(String key) {
    throw new UnsupportedOperationException();
  }
}
