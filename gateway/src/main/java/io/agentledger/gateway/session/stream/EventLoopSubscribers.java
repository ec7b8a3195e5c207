package io.agentledger.gateway.session.stream;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A log's followers that live on one event loop: however many they are, one task wakes them. */
final class EventLoopSubscribers implements Runnable {
  private final EventExecutor executor;
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /** Touched on the event loop only. */
  private final List<StreamSubscription<?>> subscriptions = new ArrayList<>();

  EventLoopSubscribers(EventExecutor executor) {
    this.executor = executor;
  }

  /** On the event loop. */
  void add(StreamSubscription<?> subscription) {
    subscriptions.add(subscription);
  }

  /** On the event loop. */
  void remove(StreamSubscription<?> subscription) {
    subscriptions.remove(subscription);
  }

  void signal() {
    if (executor.isShutdown()) return; // Its connections are gone, and their followers with them.
    if (scheduled.compareAndSet(false, true)) executor.execute(this);
  }

  @Override
  public void run() {
    scheduled.set(false);
    // From the end, and checked again: a follower that ends takes itself out.
    for (int i = subscriptions.size() - 1; i >= 0; i--)
      if (i < subscriptions.size()) subscriptions.get(i).drain();
  }
}
