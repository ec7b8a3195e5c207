package io.agentledger.store.event;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Executor that shortens one delay of Axon's coordinator to one millisecond. The coordinator sleeps
 * 100 ms whenever a segment's buffer of 1,024 events is full and cannot be woken, so a replay would
 * stand still most of the time. Every longer delay (claims, back-off after errors) is unchanged.
 */
final class CoordinatorExecutor extends ScheduledThreadPoolExecutor {
  private static final long FULL_MILLIS = 100;

  CoordinatorExecutor(String processor) {
    super(1, Thread.ofPlatform().name("coordinator-" + processor).daemon().factory());
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    long millis = unit.toMillis(delay);
    return super.schedule(task, millis == FULL_MILLIS ? 1 : millis, TimeUnit.MILLISECONDS);
  }
}
