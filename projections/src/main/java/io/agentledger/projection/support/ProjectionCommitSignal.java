package io.agentledger.projection.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MessageHandlerInterceptor;

/** Tells whoever waits for a projection that it has committed another batch on this node. */
public final class ProjectionCommitSignal {
  /** How long a reader waits for what they were told is written; then they get what is there. */
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** Where a batch has nothing for this projection, or another node runs it, nobody wakes us. */
  private static final long POLL_MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private static final long POLL_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition committed = lock.newCondition();
  private long commits;

  /**
   * Waits until {@code reached} says so, asking it after each batch, soon after the beginning, and
   * then ever less often, ten times a second at least.
   *
   * @return whether it did in time; an interrupt ends the waiting and is kept
   */
  public boolean await(BooleanSupplier reached, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    for (long poll = POLL_MIN_NANOS; ; poll = Math.min(2 * poll, POLL_MAX_NANOS)) {
      long seen = commits();
      if (reached.getAsBoolean()) return true;
      long remaining = end - System.nanoTime();
      if (remaining <= 0 || !awaitCommit(seen, Math.min(remaining, poll))) return false;
    }
  }

  private long commits() {
    lock.lock();
    try {
      return commits;
    } finally {
      lock.unlock();
    }
  }

  /** Returns false on an interrupt only. */
  private boolean awaitCommit(long seen, long nanos) {
    lock.lock();
    try {
      long remaining = nanos;
      while (commits == seen && remaining > 0) remaining = committed.awaitNanos(remaining);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void advance() {
    lock.lock();
    try {
      commits++;
      committed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What a processor has to be given for this to hear of its commits. */
  public MessageHandlerInterceptor<EventMessage<?>> interceptor() {
    return (unit, chain) -> {
      unit.root()
          .getOrComputeResource(
              ProjectionCommitSignal.class.getName(),
              key -> {
                unit.root().afterCommit(unitOfWork -> advance());
                return true;
              });
      return chain.proceed();
    };
  }
}
