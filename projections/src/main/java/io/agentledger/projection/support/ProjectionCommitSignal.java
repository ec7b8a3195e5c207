package io.agentledger.projection.support;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MessageHandlerInterceptor;

/**
 * Signal to readers that a projection has committed another batch on this node, and to projections
 * that a reader waits.
 */
public final class ProjectionCommitSignal {
  /**
   * Maximum time for which a reader waits for its own writes; after that it reads the current
   * state.
   */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  /**
   * Poll interval for projections that run on another node or have no events in a batch, because
   * these send no signal.
   */
  private static final long POLL_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

  private static final long POLL_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition committed = lock.newCondition();
  private final Map<String, Long> commits = new HashMap<>();
  private final List<Runnable> waitListeners = new CopyOnWriteArrayList<>();

  /** Registers a callback that is run while a reader waits; must not block or throw. */
  public void onWait(Runnable listener) {
    waitListeners.add(listener);
  }

  /**
   * Waits until {@code reached} returns true. It is checked after each batch of the projection, and
   * otherwise with growing intervals of at most 100 ms.
   *
   * @param group the projection
   * @return whether it became true in time; an interrupt ends the wait and is preserved
   */
  public boolean await(String group, BooleanSupplier reached, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    for (long poll = POLL_MIN_NANOS; ; poll = Math.min(2 * poll, POLL_MAX_NANOS)) {
      long seen = commits(group);
      if (reached.getAsBoolean()) return true;
      waitListeners.forEach(Runnable::run);
      long remaining = end - System.nanoTime();
      if (remaining <= 0 || !awaitCommit(group, seen, Math.min(remaining, poll))) return false;
    }
  }

  private long commits(String group) {
    lock.lock();
    try {
      return commits.getOrDefault(group, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Returns false on an interrupt only. */
  private boolean awaitCommit(String group, long seen, long nanos) {
    lock.lock();
    try {
      long remaining = nanos;
      while (commits(group) == seen && remaining > 0) remaining = committed.awaitNanos(remaining);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void advance(String group) {
    lock.lock();
    try {
      commits.merge(group, 1L, Long::sum);
      committed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the interceptor with which a processor signals its commits. */
  public MessageHandlerInterceptor<EventMessage<?>> interceptor(String group) {
    return (unit, chain) -> {
      unit.root()
          .getOrComputeResource(
              ProjectionCommitSignal.class.getName(),
              key -> {
                unit.root().afterCommit(unitOfWork -> advance(group));
                return true;
              });
      return chain.proceed();
    };
  }
}
