package io.agentledger.gateway.session.stream;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The subscriptions of a session on one event loop; one task wakes all of them. */
final class EventLoopSubscribers implements Runnable {
  private final EventExecutor executor;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Accessed on the event loop only. */
  private final List<StreamSubscription<?>> subscriptions = new ArrayList<>();

  EventLoopSubscribers(EventExecutor executor) {
    this.executor = executor;
  }

  /** Must be called on the event loop. */
  void add(StreamSubscription<?> subscription) {
    subscriptions.add(subscription);
  }

  /** Must be called on the event loop. */
  void remove(StreamSubscription<?> subscription) {
    subscriptions.remove(subscription);
  }

  void signal() {
    // The event loop has shut down with its connections and subscriptions.
    if (executor.isShutdown()) return;
    if (scheduled.compareAndSet(false, true)) executor.execute(this);
  }

  @Override
  public void run() {
    scheduled.set(false);
    // From the end, and with a bounds check, because a subscription that ends removes itself.
    for (int i = subscriptions.size() - 1; i >= 0; i--)
      if (i < subscriptions.size()) subscriptions.get(i).drain();
  }
}
