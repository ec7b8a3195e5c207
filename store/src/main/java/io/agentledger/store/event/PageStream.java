package io.agentledger.store.event;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages by index; asks again only after a commit, or once a second should a notification have
 * been lost. For one thread.
 */
final class PageStream implements TrackingEventStream {
  private static final long POLL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PATIENCE_SECONDS = 3600;

  private final EventStorageEngine engine;
  private final LongSupplier commits;
  private final Set<Runnable> readers;
  private final Runnable onCommit = this::wakeReader;
  private @Nullable TrackingToken last;
  private Iterator<? extends TrackedEventMessage<?>> page = Collections.emptyIterator();
  private @Nullable TrackedEventMessage<?> next;
  private long seenCommits = -1;
  private long askedNanos;
  private volatile @Nullable Thread waiting;
  private Runnable onAvailable = () -> {};

  PageStream(
      EventStorageEngine engine,
      @Nullable TrackingToken after,
      LongSupplier commits,
      Set<Runnable> readers) {
    this.engine = engine;
    this.last = after;
    this.commits = commits;
    this.readers = readers;
    readers.add(onCommit);
  }

  private void wakeReader() {
    LockSupport.unpark(waiting);
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    if (timeout == 0) return advance();
    long end = System.nanoTime() + unit.toNanos(timeout);
    waiting = Thread.currentThread();
    try {
      while (!advance()) {
        long left = end - System.nanoTime();
        if (left <= 0) return false;
        LockSupport.parkNanos(this, Math.min(left, POLL_NANOS));
        if (Thread.interrupted()) throw new InterruptedException();
      }
      return true;
    } finally {
      waiting = null;
    }
  }

  private boolean advance() {
    if (next != null) return true;
    if (!page.hasNext()) ask();
    if (!page.hasNext()) return false;
    next = page.next();
    last = next.trackingToken();
    return true;
  }

  private void ask() {
    long now = commits.getAsLong();
    if (now == seenCommits && System.nanoTime() - askedNanos < POLL_NANOS) return;
    seenCommits = now;
    askedNanos = System.nanoTime();
    page = engine.readEvents(last, false).iterator();
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    while (!hasNextAvailable((int) PATIENCE_SECONDS, TimeUnit.SECONDS)) Thread.onSpinWait();
    TrackedEventMessage<?> event = next;
    next = null;
    if (event == null) throw new IllegalStateException("a stream is for one thread");
    return event;
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    return advance() ? Optional.ofNullable(next) : Optional.empty();
  }

  @Override
  public boolean setOnAvailableCallback(Runnable callback) {
    readers.remove(onAvailable);
    onAvailable = callback;
    readers.add(callback);
    return true;
  }

  @Override
  public void close() {
    readers.remove(onAvailable);
    readers.remove(onCommit);
  }
}
