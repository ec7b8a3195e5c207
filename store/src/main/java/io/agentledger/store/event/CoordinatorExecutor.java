package io.agentledger.store.event;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Executor that shortens two delays of Axon's coordinator. It sleeps 100 ms whenever a segment's
 * buffer of 1,024 events is full and cannot be woken, so a replay would stand still most of the
 * time: one millisecond here. Its back-off after errors grows to a minute, in which read models
 * stand still although the database is back: five seconds at most here. Other delays (claims) are
 * unchanged.
 */
final class CoordinatorExecutor extends ScheduledThreadPoolExecutor {
  private static final long FULL_MILLIS = 100;
  private static final long BACK_OFF_MILLIS_MAX = 5000;

  CoordinatorExecutor(String processor) {
    super(1, Thread.ofPlatform().name("coordinator-" + processor).daemon().factory());
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    long millis = unit.toMillis(delay);
    long shortened = millis == FULL_MILLIS ? 1 : Math.min(millis, BACK_OFF_MILLIS_MAX);
    return super.schedule(task, shortened, TimeUnit.MILLISECONDS);
  }
}
