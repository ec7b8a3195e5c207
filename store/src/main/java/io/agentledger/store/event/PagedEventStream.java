package io.agentledger.store.event;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages by index; queries again only after a commit, or every 5 s in case a notification was
 * lost. Its reader is not woken for events of types that it does not handle: it reads them with the
 * next ones, or when it looks by itself. For one thread, except for signals.
 */
final class PagedEventStream implements TrackingEventStream {
  private static final long TIMEOUT_SECONDS = 3600;
  private static final long NOT_READ = -1;

  /** Number of unhandled events after which the reader is woken, while they are in the page. */
  private static final int UNHANDLED_MAX = 200;

  /** Part of them that a reader leaves out, so that one commit does not wake all readers. */
  private static final int UNHANDLED_SPREAD = 100;

  private final SharedEventPages pages;
  private final Set<PagedEventStream> readers;
  private @Nullable TrackingToken lastToken;
  private Iterator<? extends TrackedEventMessage<?>> page = Collections.emptyIterator();
  private @Nullable TrackedEventMessage<?> next;
  private long seenCommits = NOT_READ;
  private long lastReadNanos;
  private volatile @Nullable Thread waiting;
  private volatile Runnable onAvailable = () -> {};
  private final Set<Class<?>> unhandledTypes = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unhandled = new AtomicInteger();

  /** Whether the reader has found no further event. */
  private volatile boolean atEnd;

  PagedEventStream(
      SharedEventPages pages, @Nullable TrackingToken after, Set<PagedEventStream> readers) {
    this.pages = pages;
    this.lastToken = after;
    this.readers = readers;
    readers.add(this);
  }

  /** Signals that there may be new events. From any thread. */
  void signal() {
    LockSupport.unpark(waiting);
    onAvailable.run();
  }

  /**
   * Signals a commit. From any thread.
   *
   * @param types payload types of its events
   */
  void signal(Set<Class<?>> types, int events) {
    if (!unhandledTypes.containsAll(types) || unhandled.addAndGet(events) >= UNHANDLED_MAX) {
      restartCount();
      signal();
    }
  }

  private void restartCount() {
    unhandled.set(ThreadLocalRandom.current().nextInt(UNHANDLED_SPREAD));
  }

  @Override
  public void skipMessagesWithPayloadTypeOf(TrackedEventMessage<?> ignored) {
    unhandledTypes.add(ignored.getPayloadType());
  }

  /** Signals that the reader may have space for events that it has not read. From any thread. */
  void signalUnread() {
    if (!atEnd) signal();
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    if (timeout == 0) return advance();
    long end = System.nanoTime() + unit.toNanos(timeout);
    waiting = Thread.currentThread();
    try {
      while (!advance()) {
        long remaining = end - System.nanoTime();
        if (remaining <= 0) return false;
        LockSupport.parkNanos(this, Math.min(remaining, SharedEventPages.FRESH_NANOS));
        if (Thread.interrupted()) throw new InterruptedException();
      }
      return true;
    } finally {
      waiting = null;
    }
  }

  private boolean advance() {
    if (next != null) return true;
    if (!page.hasNext()) loadNextPage();
    atEnd = !page.hasNext();
    if (atEnd) {
      restartCount();
      return false;
    }
    next = page.next();
    lastToken = next.trackingToken();
    return true;
  }

  private void loadNextPage() {
    long now = pages.commits();
    if (now == seenCommits && System.nanoTime() - lastReadNanos < SharedEventPages.FRESH_NANOS)
      return;
    boolean behind = seenCommits == NOT_READ;
    if (behind) {
      seenCommits = now;
      lastReadNanos = System.nanoTime();
      page = pages.allAfter(lastToken);
    } else {
      SharedEventPages.EventPage eventPage = pages.pageFrom(lastToken);
      seenCommits = eventPage.isFull() ? NOT_READ : eventPage.commits();
      lastReadNanos = eventPage.readNanos();
      page = eventPage.after(lastToken);
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
