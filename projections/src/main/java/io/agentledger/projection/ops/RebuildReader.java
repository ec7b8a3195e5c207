package io.agentledger.projection.ops;

import io.agentledger.store.event.NotifyingEventStore;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the events that a rebuild handles. While one batch is handled, a thread reads the next
 * one, so at most two are in memory. For the thread of the rebuild.
 */
final class RebuildReader {
  /** Indexes that are searched by one statement at first; a slow database gets fewer at a time. */
  private static final int INDEXES_MAX = 200_000;

  private static final int INDEXES_MIN = 1_000;

  /** Position that no rebuild reaches: all of its events are those of a replay. */
  private static final TrackingToken GOAL = new GlobalSequenceTrackingToken(Long.MAX_VALUE);

  private final String projection;
  private final EventHandlerInvoker handlers;
  private final NotifyingEventStore store;
  private final Map<Class<?>, Boolean> handledTypes = new ConcurrentHashMap<>();
  private int indexesMax = INDEXES_MAX;

  private @Nullable ReadAhead readAhead;

  RebuildReader(String projection, EventHandlerInvoker handlers, NotifyingEventStore store) {
    this.projection = projection;
    this.handlers = handlers;
    this.store = store;
  }

  /**
   * Events that are handled in one transaction.
   *
   * @param events those that the projection handles
   * @param last index up to which there are no others
   */
  record Batch(List<TrackedEventMessage<?>> events, long last) {}

  /**
   * Batch that another thread reads.
   *
   * @param after position before the batch
   */
  private record ReadAhead(long after, CompletableFuture<Batch> batch) {}

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
    var ahead = readAhead;
    var batch =
        ahead != null && ahead.after() == position && !repeated
            ? ahead.batch().join()
            : read(range(position, live, max, !repeated));
    readAhead = null;
    if (batch.last() < live) {
      var next = range(batch.last(), live, max, !repeated);
      var read = CompletableFuture.supplyAsync(() -> read(next), this::start);
      readAhead = new ReadAhead(batch.last(), read);
    }
    return batch;
  }

  /** Searches fewer indexes by the next statements. */
  void slowDown() {
    indexesMax = Math.max(INDEXES_MIN, indexesMax / 4);
  }

  private Range range(long after, long live, int max, boolean isReplay) {
    return new Range(after, Math.min(live, after + indexesMax), max, isReplay);
  }

  private void start(Runnable reading) {
    Thread.ofPlatform().name("rebuild-read-" + projection).daemon().start(reading);
  }

  private Batch read(Range range) {
    var found =
        store.readRange(range.after(), range.last(), this::isHandled, range.max(), range::token);
    boolean isComplete = found.size() < range.max();
    var events = new ArrayList<TrackedEventMessage<?>>();
    for (var event : found)
      if (isHandled(event.getPayloadType())) {
        events.add(event);
        convert(event);
      }
    return new Batch(events, isComplete ? range.last() : indexOf(found.getLast()));
  }

  /** Handlers are asked once about a type: they search all of their methods. */
  private boolean isHandled(Class<?> eventType) {
    return handledTypes.computeIfAbsent(eventType, handlers::canHandleType);
  }

  /** Converts what is converted once, because the thread of the handlers has more to do. */
  private static void convert(TrackedEventMessage<?> event) {
    try {
      event.getPayload();
      event.getMetaData();
      event.getTimestamp();
    } catch (SerializationException | DateTimeException broken) {
      // Its handler fails as well, and it becomes a dead letter.
    }
  }

  private static long indexOf(TrackedEventMessage<?> event) {
    return event.trackingToken().position().orElseThrow();
  }
}
