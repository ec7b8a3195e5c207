package io.agentledger.projection.ops;

import io.agentledger.store.event.NotifyingEventStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * Events of types that are recorded rarely, read once for the rebuilds of all projections that
 * handle no others: a scan of all events takes longer than the rest of such a rebuild. Kept while
 * there are rebuilds. Thread-safe.
 */
final class RareEvents {
  /** With more events, each rebuild reads for itself. */
  private static final int EVENTS_MAX = 4_000;

  private final NotifyingEventStore store;
  private final Predicate<Class<?>> isHandled;
  private final UnaryOperator<TrackingToken> tokens;
  private final Map<Class<?>, Boolean> handledTypes = new ConcurrentHashMap<>();

  /** Guarded by this. */
  private @Nullable Page page;

  /**
   * Creates it without events.
   *
   * @param isHandled whether one of the projections handles a type
   * @param tokens converts the tokens of the events
   */
  RareEvents(
      NotifyingEventStore store,
      Predicate<Class<?>> isHandled,
      UnaryOperator<TrackingToken> tokens) {
    this.store = store;
    this.isHandled = isHandled;
    this.tokens = tokens;
  }

  /**
   * All events of these types up to an index.
   *
   * @param last that index; -1 if there are too many events
   */
  record Page(List<? extends TrackedEventMessage<?>> events, long last) {}

  /** Returns the events; reads those up to {@code last} if there are none yet. */
  synchronized Page read(long last) {
    var read = page;
    if (read == null) {
      var events = store.readRange(-1, last, this::isHandled, EVENTS_MAX + 1, tokens);
      boolean isFew = events.size() <= EVENTS_MAX;
      if (isFew) events.forEach(RebuildReader::convert);
      read = isFew ? new Page(events, last) : new Page(List.of(), -1);
      page = read;
    }
    return read;
  }

  private boolean isHandled(Class<?> type) {
    return handledTypes.computeIfAbsent(type, isHandled::test);
  }

  /** Forgets the events. */
  synchronized void clear() {
    page = null;
  }
}
