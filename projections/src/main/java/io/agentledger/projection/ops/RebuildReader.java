package io.agentledger.projection.ops;

import io.agentledger.store.event.NotifyingEventStore;
import java.time.DateTimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Reader of the events that a rebuild handles. While one batch is handled, a thread queries the
 * next ones, and another one converts them; at most three batches are in memory. For the thread of
 * the rebuild, which closes it.
 */
final class RebuildReader implements AutoCloseable {
  /** Indexes that are searched by one statement at first; a slow database gets fewer at a time. */
  private static final int INDEXES_MAX = 200_000;

  private static final int INDEXES_MIN = 1_000;

  /** Batches that are read while one is handled. */
  private static final int AHEAD_MAX = 2;

  /** Position that no rebuild reaches: all of its events are those of a replay. */
  private static final TrackingToken GOAL = new GlobalSequenceTrackingToken(Long.MAX_VALUE);

  private final EventHandlerInvoker handlers;
  private final NotifyingEventStore store;
  private final @Nullable RareEvents rareEvents;
  private final Map<Class<?>, Boolean> handledTypes = new ConcurrentHashMap<>();
  private final Deque<ReadAhead> readAhead = new ArrayDeque<>();
  private final ExecutorService querying;
  private final ExecutorService converting;
  private volatile int indexesMax = INDEXES_MAX;

  /**
   * Creates a reader.
   *
   * @param rareEvents contains all events of the projection; null if they are not rare
   */
  RebuildReader(
      String projection,
      EventHandlerInvoker handlers,
      NotifyingEventStore store,
      @Nullable RareEvents rareEvents) {
    this.handlers = handlers;
    this.store = store;
    this.rareEvents = rareEvents;
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
   */
  record Batch(long after, List<TrackedEventMessage<?>> events, long last) {}

  /** Batch that other threads read. */
  private record ReadAhead(CompletableFuture<Batch> queried, CompletableFuture<Batch> converted) {}

  /**
   * Events between two indexes.
   *
   * @param isReplay whether their rows are inserted without looking them up
   */
  private record Range(long after, long last, int max, boolean isReplay) {
    TrackingToken token(TrackingToken stored) {
      return isReplay ? replayed(stored) : stored;
    }
  }

  /** Returns the token of an event whose row is inserted without looking it up. */
  static TrackingToken replayed(TrackingToken stored) {
    return new ReplayToken(GOAL, stored);
  }

  /**
   * Returns the next batch.
   *
   * @param live position that no batch exceeds
   * @param max number of its events
   * @param repeated whether it may have been handled already; then its rows are looked up
   */
  Batch next(long position, long live, int max, boolean repeated) {
    if (repeated) readAhead.clear();
    var batch = nextAhead(position);
    if (batch == null) batch = convert(query(range(position, live, max, !repeated)));
    while (!repeated && readAhead.size() < AHEAD_MAX) readAhead(batch, live, max);
    return batch;
  }

  private @Nullable Batch nextAhead(long position) {
    while (!readAhead.isEmpty()) {
      var batch = readAhead.remove().converted().join();
      if (batch.after() == position && batch.last() > position) return batch;
      readAhead.clear(); // It was at the end.
    }
    return null;
  }

  private void readAhead(Batch handled, long live, int max) {
    var before =
        readAhead.isEmpty()
            ? CompletableFuture.completedFuture(handled)
            : readAhead.getLast().queried();
    var queried =
        before.thenApplyAsync(batch -> query(range(batch.last(), live, max, true)), querying);
    readAhead.add(
        new ReadAhead(queried, queried.thenApplyAsync(RebuildReader::convert, converting)));
  }

  /** Searches fewer indexes by the next statements. */
  void slowDown() {
    indexesMax = Math.max(INDEXES_MIN, indexesMax / 4);
  }

  private Range range(long after, long live, int max, boolean isReplay) {
    return new Range(after, Math.min(live, after + indexesMax), max, isReplay);
  }

  private Batch query(Range range) {
    if (range.after() >= range.last()) return new Batch(range.after(), List.of(), range.after());
    if (rareEvents != null && range.isReplay()) {
      var page = rareEvents.read(range.last());
      if (range.after() < page.last()) return batch(range, page);
    }
    var found =
        store.readRange(range.after(), range.last(), this::isHandled, range.max(), range::token);
    return batch(range, found, range.last());
  }

  private Batch batch(Range range, RareEvents.Page page) {
    long last = Math.min(range.last(), page.last());
    var found =
        page.events().stream()
            .filter(event -> indexOf(event) > range.after() && indexOf(event) <= last)
            .filter(event -> isHandled(event.getPayloadType()))
            .limit(range.max())
            .toList();
    return batch(range, found, last);
  }

  private Batch batch(Range range, List<? extends TrackedEventMessage<?>> found, long last) {
    var events = new ArrayList<TrackedEventMessage<?>>();
    for (var event : found) if (isHandled(event.getPayloadType())) events.add(event);
    boolean isComplete = found.size() < range.max();
    return new Batch(range.after(), events, isComplete ? last : indexOf(found.getLast()));
  }

  /** Handlers are asked once about a type: they search all of their methods. */
  private boolean isHandled(Class<?> eventType) {
    return handledTypes.computeIfAbsent(eventType, handlers::canHandleType);
  }

  private static Batch convert(Batch batch) {
    batch.events().forEach(RebuildReader::convert);
    return batch;
  }

  /** Converts what is converted once, because the thread of the handlers has more to do. */
  static void convert(TrackedEventMessage<?> event) {
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

  @Override
  public void close() {
    querying.shutdownNow();
    converting.shutdownNow();
  }
}
