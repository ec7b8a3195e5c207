package io.agentledger.projection.ops;

import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.store.event.EventRange;
import io.agentledger.store.event.NotifyingEventStore;
import java.time.DateTimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializationException;

/**
 * Reader of the events that a rebuild handles. While one batch is handled, a thread queries the
 * next ones, and another one converts them; at most three batches are in memory. For the thread of
 * the rebuild, which closes it.
 */
final class RebuildReader implements AutoCloseable {
  /** Indexes that are searched by one statement at first; a slow database gets fewer at a time. */
  private static final int INDEXES_MAX = 200_000;

  private static final int INDEXES_MIN = 1_000;

  /**
   * Bytes that a batch has by the size of the events before it. More of them outlive a collection
   * of the heap; fewer events change the same rows in more transactions.
   */
  private static final long BATCH_BYTES = 512 * 1024;

  /** Batches that are read while one is handled. */
  private static final int AHEAD_MAX = 2;

  /** Position that no rebuild reaches: all of its events are those of a replay. */
  private static final TrackingToken GOAL = new GlobalSequenceTrackingToken(Long.MAX_VALUE);

  private final EventHandlerInvoker handlers;
  private final NotifyingEventStore store;
  private final Deque<Prefetched> ahead = new ArrayDeque<>();
  private final ExecutorService querying;
  private final ExecutorService converting;
  private volatile int indexesMax = INDEXES_MAX;

  RebuildReader(String projection, EventHandlerInvoker handlers, NotifyingEventStore store) {
    this.handlers = handlers;
    this.store = store;
    this.querying = thread("rebuild-query-" + projection);
    this.converting = thread("rebuild-convert-" + projection);
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(Thread.ofPlatform().name(name).daemon().factory());
  }

  /**
   * Events that are handled in one transaction.
   *
   * @param after position before the batch
   * @param events those that the projection handles
   * @param last index up to which there are no others
   * @param fitting number of such events that have {@link #BATCH_BYTES}
   */
  record Batch(long after, List<TrackedEventMessage<?>> events, long last, int fitting) {
    static Batch empty(long after, long last) {
      return new Batch(after, List.of(), last, Integer.MAX_VALUE);
    }

    /** Returns false for a batch of another position, and for one that was read at the end. */
    private boolean continues(long position) {
      return after == position && last > position;
    }
  }

  /** Batch that other threads read. */
  private record Prefetched(CompletableFuture<Batch> queried, CompletableFuture<Batch> converted) {}

  /**
   * Events between two indexes.
   *
   * @param isReplay whether their rows are inserted without looking them up
   */
  private record Range(long after, long last, int max, boolean isReplay) {
    TrackingToken token(TrackingToken stored) {
      return isReplay ? new ReplayToken(GOAL, stored) : stored;
    }
  }

  /**
   * Returns the next batch.
   *
   * @param live position that no batch exceeds
   * @param max number of its events
   * @param repeated whether it may have been handled already; then its rows are looked up
   */
  Batch next(long position, long live, int max, boolean repeated) {
    if (repeated) cancelAhead();
    var next = ahead.poll();
    var batch = next == null ? null : join(next);
    if (next == null || batch == null || !batch.continues(position)) {
      cancelAhead();
      var range = range(position, live, max, !repeated);
      next = prefetch(CompletableFuture.completedFuture(range));
      batch = join(next);
    }
    if (repeated) return batch;
    for (var last = ahead.isEmpty() ? next : ahead.getLast(); ahead.size() < AHEAD_MAX; ) {
      last = prefetch(last.queried().thenApply(read -> rangeAfter(read, live, max)));
      ahead.add(last);
    }
    return batch;
  }

  private static Batch join(Prefetched prefetched) {
    try {
      return prefetched.converted().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) throw failure;
      throw e;
    }
  }

  private Prefetched prefetch(CompletableFuture<Range> range) {
    var queried = range.thenApplyAsync(this::query, querying);
    return new Prefetched(queried, queried.thenApplyAsync(RebuildReader::convert, converting));
  }

  private void cancelAhead() {
    for (var left : ahead) {
      left.queried().cancel(false);
      left.converted().cancel(false);
    }
    ahead.clear();
  }

  /** Searches fewer indexes by the next statements. */
  void slowDown() {
    indexesMax = Math.max(INDEXES_MIN, indexesMax / 4);
  }

  private Range rangeAfter(Batch batch, long live, int max) {
    return range(batch.last(), live, Math.min(max, batch.fitting()), true);
  }

  private Range range(long after, long live, int max, boolean isReplay) {
    return new Range(after, Math.min(live, after + indexesMax), max, isReplay);
  }

  private Batch query(Range range) {
    var part = new EventRange(range.after(), range.last());
    if (part.isEmpty()) return Batch.empty(range.after(), range.after());
    if (!isHandled(MessageReceived.class)) { // Else it handles most events.
      part = store.findEvents(part, this::isHandled);
      if (part.isEmpty()) return Batch.empty(range.after(), part.last());
    }
    var page =
        store.readRange(part.after(), part.last(), this::isHandled, range.max(), range::token);
    var found = page.events();
    var events = new ArrayList<TrackedEventMessage<?>>();
    for (var event : found) if (isHandled(event.getPayloadType())) events.add(event);
    if (found.isEmpty()) return Batch.empty(range.after(), part.last());
    long fitting = Math.max(1, BATCH_BYTES * found.size() / page.bytes());
    boolean isComplete = found.size() < range.max();
    long last = isComplete ? part.last() : indexOf(found.getLast());
    return new Batch(range.after(), events, last, (int) fitting);
  }

  private boolean isHandled(Class<?> eventType) {
    return handlers.canHandleType(eventType);
  }

  /** Converts what is converted once, because the thread of the handlers has more to do. */
  private static Batch convert(Batch batch) {
    for (var event : batch.events())
      try {
        event.getPayload();
        event.getMetaData();
        event.getTimestamp();
      } catch (SerializationException | DateTimeException broken) {
        // Its handler fails as well, and it becomes a dead letter.
      }
    return batch;
  }

  private static long indexOf(TrackedEventMessage<?> event) {
    return event.trackingToken().position().orElseThrow();
  }

  @Override
  public void close() {
    querying.shutdownNow();
    converting.shutdownNow();
  }
}
