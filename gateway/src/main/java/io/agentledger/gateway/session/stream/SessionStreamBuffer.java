package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.json.WireJson;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Ring buffer with the newest part of one session's stream, events and transient events in the
 * order of their arrival: filled once, encoded once, read by any number of subscriptions at
 * positions of their own. Older events are in the store. Appending never waits for a reader.
 */
final class SessionStreamBuffer {
  /** Maximum number of items, and their maximum size. */
  static final int ITEMS_MAX = 2048;

  static final int BYTES_MAX = 4 * 1024 * 1024;

  private final SessionId session;
  private final StreamItemEncoder streamItemEncoder;
  private final AtomicReferenceArray<@Nullable EncodedItem> ring =
      new AtomicReferenceArray<>(ITEMS_MAX);
  private final Map<EventExecutor, EventLoopSubscribers> subscribersByLoop =
      new ConcurrentHashMap<>();

  /** Position of the next item; written last, so that all items below it are readable. */
  private volatile long head;

  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  // Guarded by this.
  private long tail;
  private long bytes;
  private long newestSequence;
  private long newestEvictedSequence;

  /**
   * Creates the buffer.
   *
   * @param newestSequence sequence of the last event that is known to be in the store
   */
  SessionStreamBuffer(SessionId session, long newestSequence, WireJson json) {
    this.session = session;
    this.newestSequence = newestSequence;
    this.newestEvictedSequence = newestSequence;
    this.streamItemEncoder = new StreamItemEncoder(json);
  }

  SessionId session() {
    return session;
  }

  synchronized long newestSequence() {
    return newestSequence;
  }

  /**
   * Appends an item; drops an event that it has already, and fails if an event is missing before
   * it.
   */
  void append(StreamItem item) {
    synchronized (this) {
      if (closed) return;
      var sequence = item.sequence();
      if (sequence != null) {
        if (sequence <= newestSequence) return;
        if (sequence > newestSequence + 1)
          throw new IllegalStateException("an event is missing before " + sequence);
      }
      var encodedItem = streamItemEncoder.append(head, item);
      evictOldest(encodedItem.byteCount());
      ring.set(slot(encodedItem.position()), encodedItem);
      bytes += encodedItem.byteCount();
      if (sequence != null) newestSequence = sequence;
      head = encodedItem.position() + 1;
    }
    signalSubscribers();
  }

  private void evictOldest(int needed) {
    while (tail < head && (head - tail == ITEMS_MAX || bytes + needed > BYTES_MAX)) {
      var oldest = ring.getAndSet(slot(tail), null);
      tail++;
      if (oldest == null) continue;
      bytes -= oldest.byteCount();
      if (oldest.hasSequence()) newestEvictedSequence = oldest.sequence();
    }
  }

  /** Returns the position of the next item. */
  long head() {
    return head;
  }

  /** Returns the item at {@code position}, which is below the head; null if it was overwritten. */
  @Nullable EncodedItem find(long position) {
    var encodedItem = ring.get(slot(position));
    return encodedItem != null && encodedItem.position() == position ? encodedItem : null;
  }

  /**
   * Returns the position after the event {@code lastSequence}; -1 if later events have been
   * overwritten and must be read from the store.
   */
  synchronized long findStart(long lastSequence) {
    if (lastSequence < newestEvictedSequence) return -1;
    for (long position = head - 1; position >= tail; position--) {
      var encodedItem = find(position);
      if (encodedItem != null
          && encodedItem.hasSequence()
          && encodedItem.sequence() <= lastSequence) return position + 1;
    }
    return tail;
  }

  /**
   * Ends the buffer for all subscriptions.
   *
   * @param cause failure that ended it, or null
   */
  void close(@Nullable Throwable cause) {
    synchronized (this) {
      if (closed) return;
      failure = cause;
      closed = true;
    }
    signalSubscribers();
  }

  boolean isClosed() {
    return closed;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  void add(StreamSubscription<?> subscription) {
    subscribersByLoop
        .computeIfAbsent(subscription.loop(), EventLoopSubscribers::new)
        .add(subscription);
  }

  void remove(StreamSubscription<?> subscription) {
    var subscribers = subscribersByLoop.get(subscription.loop());
    if (subscribers != null && subscribers.remove(subscription))
      subscribersByLoop.remove(subscription.loop()); // Its loop is not woken any more.
  }

  private void signalSubscribers() {
    for (var subscribers : subscribersByLoop.values()) subscribers.signal();
  }

  private static int slot(long position) {
    return (int) (position % ITEMS_MAX);
  }
}
