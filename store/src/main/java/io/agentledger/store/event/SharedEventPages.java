package io.agentledger.store.event;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * Pages of events that readers share. Readers at the end of the stream wake together after a
 * commit: the first queries the database, the others get its result, also those that collect events
 * and come a moment later. Readers that are behind read for themselves and delay no other reader.
 */
final class SharedEventPages {
  static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int SHARED_MAX = 1000;

  /** Maximum number of events that are kept for readers that come later. */
  private static final int KEPT_MAX = 250;

  private final EventStorageEngine engine;
  private final LongSupplier commits;
  private @Nullable EventPage shared;

  /**
   * All events after a given one, as of a number of received commit notifications, unless the page
   * is full.
   *
   * @param isFull whether there may be more events
   */
  record EventPage(
      long after,
      long commits,
      long readNanos,
      boolean isFull,
      List<? extends TrackedEventMessage<?>> events) {

    private long end() {
      return events.isEmpty() ? after : position(events.getLast().trackingToken());
    }

    private boolean covers(long position) {
      return after <= position && (position < end() || position == end() && !isFull);
    }

    /** Returns whether a page from the end of this one continues it for a reader. */
    private boolean canContinue(long position) {
      return !events.isEmpty()
          && events.size() <= KEPT_MAX
          && after <= position
          && position <= end();
    }

    /** Returns the events after a position; most readers lack only the last ones. */
    Iterator<? extends TrackedEventMessage<?>> after(@Nullable TrackingToken lastToken) {
      long position = position(lastToken);
      int first = events.size();
      while (first > 0 && position(events.get(first - 1).trackingToken()) > position) first--;
      return events.listIterator(first);
    }
  }

  SharedEventPages(EventStorageEngine engine, LongSupplier commits) {
    this.engine = engine;
    this.commits = commits;
  }

  long commits() {
    return commits.getAsLong();
  }

  /** Returns all later events, page by page on demand. */
  Iterator<? extends TrackedEventMessage<?>> allAfter(@Nullable TrackingToken lastToken) {
    return engine.readEvents(lastToken, false).iterator();
  }

  /** Returns a page with the next events that is as recent as a query of the reader itself. */
  synchronized EventPage pageFrom(@Nullable TrackingToken lastToken) {
    EventPage sharedPage = shared;
    if (sharedPage != null && sharedPage.covers(position(lastToken)) && isCurrent(sharedPage))
      return sharedPage;
    EventPage page;
    if (sharedPage != null && sharedPage.canContinue(position(lastToken)))
      page = join(sharedPage, read(sharedPage.events().getLast().trackingToken()));
    else page = read(lastToken);
    shared = page;
    return page;
  }

  private EventPage read(@Nullable TrackingToken from) {
    long seen = commits();
    long readNanos = System.nanoTime();
    var events = engine.readEvents(from, false).limit(SHARED_MAX).toList();
    return new EventPage(position(from), seen, readNanos, events.size() == SHARED_MAX, events);
  }

  private static EventPage join(EventPage first, EventPage second) {
    var events = new ArrayList<TrackedEventMessage<?>>(first.events());
    events.addAll(second.events());
    return new EventPage(
        first.after(), second.commits(), second.readNanos(), second.isFull(), events);
  }

  private boolean isCurrent(EventPage page) {
    return page.commits == commits() && System.nanoTime() - page.readNanos < FRESH_NANOS;
  }

  private static long position(@Nullable TrackingToken token) {
    return token == null ? -1 : token.position().orElse(-1);
  }
}
