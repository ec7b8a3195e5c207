package io.agentledger.command.quota;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Tokens of one bucket that this node has taken in advance, so that not every call of a busy caller
 * asks the database. They count as used: half of the calls of the last second, at most 1 % of what
 * was left. After a second without a request to the database they are used only once it was asked
 * again, so that a caller with bursts does not pay twice; after a minute they are lost.
 * Thread-safe.
 */
final class PrefetchedTokens {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LIFETIME_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int PREFETCHES_PER_WINDOW = 2;
  private static final int MAX_SHARE = 100;

  private final LongSupplier nanoClock;

  /** Held while the bucket is asked, so that concurrent calls take tokens in advance once. */
  private final Lock fetching = new ReentrantLock();

  private long windowStartNanos;
  private long callsInWindow;
  private long callsInLastWindow;
  private long tokens;
  private long takenNanos;
  private long[] available = {0};

  PrefetchedTokens(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.windowStartNanos = nanoClock.getAsLong();
  }

  Lock fetching() {
    return fetching;
  }

  /**
   * Takes tokens for calls, which it counts.
   *
   * @return what each limit has left; nothing if the bucket must be asked
   */
  synchronized Optional<long[]> take(int calls) {
    if (tokens < calls || isOlderThan(LIFETIME_NANOS)) return Optional.empty();
    tokens -= calls;
    count(calls);
    return Optional.of(remaining());
  }

  /** Counts calls for which the bucket is asked; the tokens to take in advance depend on them. */
  synchronized void count(int calls) {
    long passed = nanoClock.getAsLong() - windowStartNanos;
    if (passed >= WINDOW_NANOS) {
      callsInLastWindow = passed < 2 * WINDOW_NANOS ? callsInWindow : 0;
      callsInWindow = 0;
      windowStartNanos += passed;
    }
    callsInWindow += calls;
  }

  private boolean isOlderThan(long nanos) {
    return nanoClock.getAsLong() - takenNanos > nanos;
  }

  private long[] remaining() {
    var remaining = available.clone();
    for (int i = 0; i < remaining.length; i++) remaining[i] += tokens;
    return remaining;
  }

  /** Returns how many tokens to take in advance, beside those of the current calls. */
  synchronized long wanted() {
    if (isOlderThan(KEPT_NANOS)) tokens = 0;
    long least = Arrays.stream(available).min().orElse(0);
    long max = Math.max(0, least / MAX_SHARE);
    return Math.max(0, Math.clamp(callsInLastWindow / PREFETCHES_PER_WINDOW, 0, max) - tokens);
  }

  /**
   * Adds tokens that were taken in advance.
   *
   * @param left what each limit of the bucket has left
   * @return the same with the tokens that were taken in advance
   */
  synchronized long[] add(long taken, long[] left) {
    tokens += taken;
    takenNanos = nanoClock.getAsLong();
    available = left;
    return remaining();
  }
}
