package io.agentledger.projection.support;

import io.agentledger.store.support.BoundedMap;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MessageHandlerInterceptor;

/**
 * Signal to readers that a projection has committed another batch on this node, and how far, and to
 * projections that a reader waits.
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

  /** Maximum number of event streams whose positions are kept, for each projection. */
  private static final int STREAMS_MAX = 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition committed = lock.newCondition();
  private final Map<String, Progress> groups = new HashMap<>();
  private final Map<String, Long> recorded = BoundedMap.accessOrdered(STREAMS_MAX);
  private final Map<String, List<Runnable>> waitListeners = new ConcurrentHashMap<>();

  /** Progress of a projection on this node. */
  private static final class Progress {
    private final Map<String, Long> eventCounts = BoundedMap.accessOrdered(STREAMS_MAX);
    private long commits;

    /** Whether this node carries out the projection, as far as it is known. */
    private boolean here;
  }

  /** Takes note of an event that this node has recorded. */
  public void onOwnCommit(EventMessage<?> event) {
    if (!(event instanceof DomainEventMessage<?> recordedEvent)) return;
    lock.lock();
    try {
      recorded.put(recordedEvent.getAggregateIdentifier(), recordedEvent.getSequenceNumber() + 1);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits without a query until the projection has committed the events of a stream that this node
   * has recorded. Returns at once if another node carries it out.
   *
   * @param group the projection
   * @param id of the stream
   */
  public void awaitRecorded(String group, String id, Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    long first = commits(group);
    for (long seen = first; isBehind(group, id); seen = commits(group)) {
      announceWait(group);
      long remaining = end - System.nanoTime();
      if (remaining <= 0) forget(group, id, first);
      else if (!awaitCommit(group, seen, remaining)) return;
    }
  }

  private boolean isBehind(String group, String id) {
    lock.lock();
    try {
      Long required = recorded.get(id);
      Progress progress = progress(group);
      return required != null
          && progress.here
          && progress.eventCounts.getOrDefault(id, 0L) < required;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what was recorded, and that this node carries out a projection that stands still. */
  private void forget(String group, String id, long commits) {
    lock.lock();
    try {
      recorded.remove(id);
      Progress progress = progress(group);
      progress.here &= progress.commits != commits;
    } finally {
      lock.unlock();
    }
  }

  /** Must be called with the lock. */
  private Progress progress(String group) {
    return groups.computeIfAbsent(group, name -> new Progress());
  }

  /** Registers a callback that is run while a reader waits for the projection; must not block. */
  public void onWait(String group, Runnable listener) {
    waitListeners.computeIfAbsent(group, name -> new CopyOnWriteArrayList<>()).add(listener);
  }

  private void announceWait(String group) {
    waitListeners.getOrDefault(group, List.of()).forEach(Runnable::run);
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
      announceWait(group);
      long remaining = end - System.nanoTime();
      if (remaining <= 0 || !awaitCommit(group, seen, Math.min(remaining, poll))) return false;
    }
  }

  private long commits(String group) {
    lock.lock();
    try {
      return progress(group).commits;
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

  private void advance(String group, Map<String, Long> eventCounts) {
    lock.lock();
    try {
      Progress progress = progress(group);
      progress.commits++;
      progress.here = true;
      progress.eventCounts.putAll(eventCounts);
      committed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the interceptor with which a processor signals its commits. */
  public MessageHandlerInterceptor<EventMessage<?>> interceptor(String group) {
    return (unit, chain) -> {
      var eventCounts =
          unit.root()
              .getOrComputeResource(
                  ProjectionCommitSignal.class.getName(),
                  key -> {
                    var counts = new HashMap<String, Long>();
                    unit.root().afterCommit(unitOfWork -> advance(group, counts));
                    return counts;
                  });
      if (unit.getMessage() instanceof DomainEventMessage<?> event)
        eventCounts.put(event.getAggregateIdentifier(), event.getSequenceNumber() + 1);
      return chain.proceed();
    };
  }
}
