package io.agentledger.gateway.session.stream;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The subscriptions of a session on one event loop; one task wakes all of them. The more there are,
 * the longer the pause after it: items that arrive meanwhile are written to each of them together.
 */
final class EventLoopSubscribers implements Runnable {
  /** Pause for each subscription; with a few it is shorter than the way of an item. */
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(120);

  private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(30);

  private final EventExecutor executor;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile long nextNanos;

  /** Accessed on the event loop only. */
  private final List<StreamSubscription<?>> subscriptions = new ArrayList<>();

  EventLoopSubscribers(EventExecutor executor) {
    this.executor = executor;
    this.nextNanos = executor.ticker().nanoTime();
  }

  /** Must be called on the event loop. */
  void add(StreamSubscription<?> subscription) {
    subscriptions.add(subscription);
  }

  /** Returns whether it was the last one. Must be called on the event loop. */
  boolean remove(StreamSubscription<?> subscription) {
    subscriptions.remove(subscription);
    return subscriptions.isEmpty();
  }

  void signal() {
    // The event loop has shut down with its connections and subscriptions.
    if (executor.isShutdown()) return;
    if (!scheduled.compareAndSet(false, true)) return;
    long pause = nextNanos - executor.ticker().nanoTime();
    if (pause > 0) executor.schedule(this, pause, TimeUnit.NANOSECONDS);
    else executor.execute(this);
  }

  @Override
  public void run() {
    long pause = Math.min(PAUSE_NANOS_MAX, subscriptions.size() * PAUSE_NANOS);
    nextNanos = executor.ticker().nanoTime() + pause;
    scheduled.set(false);
    // From the end, and with a bounds check, because a subscription that ends removes itself.
    for (int i = subscriptions.size() - 1; i >= 0; i--)
      if (i < subscriptions.size()) subscriptions.get(i).drain();
  }
}
