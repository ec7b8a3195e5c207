package io.agentledger.store.event;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages by index; asks again only after a commit, or once a second should a notification have
 * been lost. For one thread.
 */
final class PagedEventStream implements TrackingEventStream {
  private static final long TIMEOUT_SECONDS = 3600;
  private static final long NEVER = -1;

  private final SharedEventPages pages;
  private final Set<PagedEventStream> readers;
  private @Nullable TrackingToken last;
  private Iterator<? extends TrackedEventMessage<?>> page = Collections.emptyIterator();
  private @Nullable TrackedEventMessage<?> next;
  private long seenCommits = NEVER;
  private long askedNanos;
  private volatile @Nullable Thread waiting;
  private volatile Runnable onAvailable = () -> {};

  PagedEventStream(
      SharedEventPages pages, @Nullable TrackingToken after, Set<PagedEventStream> readers) {
    this.pages = pages;
    this.last = after;
    this.readers = readers;
    readers.add(this);
  }

  /** There may be something new. From any thread. */
  void signal() {
    LockSupport.unpark(waiting);
    onAvailable.run();
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
        LockSupport.parkNanos(this, Math.min(left, SharedEventPages.FRESH_NANOS));
        if (Thread.interrupted()) throw new InterruptedException();
      }
      return true;
    } finally {
      waiting = null;
    }
  }

  private boolean advance() {
    if (next != null) return true;
    if (!page.hasNext()) checkForCommits();
    if (!page.hasNext()) return false;
    next = page.next();
    last = next.trackingToken();
    return true;
  }

  private void checkForCommits() {
    long now = pages.commits();
    if (now == seenCommits && System.nanoTime() - askedNanos < SharedEventPages.FRESH_NANOS) return;
    boolean behind = seenCommits == NEVER;
    if (behind) {
      seenCommits = now;
      askedNanos = System.nanoTime();
      page = pages.allAfter(last);
    } else {
      SharedEventPages.Page read = pages.pageFrom(last);
      seenCommits = read.isFull() ? NEVER : read.commits();
      askedNanos = read.askedNanos();
      page = read.after(last);
    }
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    while (!hasNextAvailable((int) TIMEOUT_SECONDS, TimeUnit.SECONDS)) Thread.onSpinWait();
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
    onAvailable = callback;
    return true;
  }

  @Override
  public void close() {
    readers.remove(this);
  }
}
