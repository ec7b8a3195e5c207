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
 * The newest part of one watched session's stream, facts and frames in the order in which they came
 * here: fed once, encoded once, read by any number of followers at positions of their own. What is
 * older than the ring is in the store. Appending never waits for a reader.
 */
final class SessionStreamBuffer {
  /** How many items are kept, and how many bytes of them. */
  static final int ITEMS_MAX = 512;

  static final int BYTES_MAX = 4 * 1024 * 1024;

  private final SessionId session;
  private final StreamItemEncoder streamItemEncoder;
  private final AtomicReferenceArray<@Nullable EncodedItem> ring =
      new AtomicReferenceArray<>(ITEMS_MAX);
  private final Map<EventExecutor, EventLoopSubscribers> subscribersByLoop =
      new ConcurrentHashMap<>();

  /** The position that the next item gets; written last, so that what is below it is readable. */
  private volatile long head;

  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  // Guarded by this.
  private long tail;
  private long bytes;
  private long newestSequence;
  private long newestEvictedSequence;

  /**
   * @param newestSequence sequence of the last fact that is known to be in the store
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

  /** Adds the next item; a fact that is known already is dropped, one that leaves a gap refused. */
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

  /** The position that the next item will get. */
  long head() {
    return head;
  }

  /** The item at {@code position}, which is below the head; null when it has left the ring. */
  @Nullable EncodedItem find(long position) {
    var encodedItem = ring.get(slot(position));
    return encodedItem != null && encodedItem.position() == position ? encodedItem : null;
  }

  /**
   * Where somebody goes on who has all facts up to {@code lastFact}; -1 when facts that he lacks
   * have left the ring and the store must be read first.
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

  /** Tells everybody that there will be nothing more, and why if it is a fault. */
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
    if (subscribers != null) subscribers.remove(subscription);
  }

  private void signalSubscribers() {
    for (var subscribers : subscribersByLoop.values()) subscribers.signal();
  }

  private static int slot(long position) {
    return (int) (position % ITEMS_MAX);
  }
}
