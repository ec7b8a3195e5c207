package io.agentledger.store.event;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * Pages of events that readers share. Readers at the end of the stream wake together after a
 * commit: the first queries the database, the others get its result, also those that collect events
 * and come a moment later. Nobody queries for a commit of this node if its events continue the
 * page. Readers that are behind read for themselves and delay no other reader. Thread-safe.
 */
final class SharedEventPages {
  static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int SHARED_MAX = 1000;
  private static final int LOCK_MILLIS_MAX = 2;

  /** Maximum number of commits that wait for the end of a query. */
  private static final int UNSHARED_MAX = 100;

  /** Maximum number of events that are kept for readers that come later. */
  private static final int KEPT_MAX = 250;

  private final EventStorageEngine engine;
  private final AtomicLong commits = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();

  /** Commits of this node that the shared page does not contain yet; readers query the others. */
  private final Queue<OwnCommit> unshared = new ArrayBlockingQueue<>(UNSHARED_MAX);

  private @Nullable EventPage shared;

  /**
   * Events of a commit of this node.
   *
   * @param before number of received notifications before it
   */
  private record OwnCommit(long before, List<? extends TrackedEventMessage<?>> events) {
    long first() {
      return position(events.getFirst().trackingToken());
    }

    long last() {
      return position(events.getLast().trackingToken());
    }
  }

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

    private EventPage withCommits(long number) {
      return new EventPage(after, number, readNanos, isFull, events);
    }

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

    /** Returns nothing if the page has neither the first nor the one before. */
    private Optional<List<DomainEventMessage<?>>> eventsOf(String aggregate, long firstSequence) {
      var found = new ArrayList<DomainEventMessage<?>>();
      boolean hasAll = false;
      for (var event : events)
        if (event instanceof DomainEventMessage<?> domainEvent
            && domainEvent.getAggregateIdentifier().equals(aggregate)) {
          long sequence = domainEvent.getSequenceNumber();
          hasAll |= sequence == firstSequence - 1 || sequence == firstSequence;
          if (sequence >= firstSequence) found.add(domainEvent);
        }
      return hasAll ? Optional.of(found) : Optional.empty();
    }

    /** Returns the events after a position; most readers lack only the last ones. */
    Iterator<? extends TrackedEventMessage<?>> after(@Nullable TrackingToken lastToken) {
      long position = position(lastToken);
      int first = events.size();
      while (first > 0 && position(events.get(first - 1).trackingToken()) > position) first--;
      return events.listIterator(first);
    }
  }

  SharedEventPages(EventStorageEngine engine) {
    this.engine = engine;
  }

  /** Returns the number of received notifications. */
  long commits() {
    return commits.get();
  }

  /** Records that there may be new events, which the next reader queries. */
  void recordCommit() {
    commits.incrementAndGet();
  }

  /**
   * Records a commit of this node. Its events continue the shared page if no index is between them,
   * because indexes are drawn in the order of commits, and the page is as of all notifications
   * before. Never waits for a query.
   *
   * @param events of the commit, in the order of their indexes; not empty
   */
  void recordCommit(List<? extends TrackedEventMessage<?>> events) {
    unshared.offer(new OwnCommit(commits.getAndIncrement(), events));
    if (!lock.tryLock()) return; // Whoever has the lock, or needs it next, shares the commit.
    try {
      shareOwnCommits();
    } finally {
      lock.unlock();
    }
  }

  /** Continues the shared page by the commits of this node since, as far as nothing is between. */
  private void shareOwnCommits() {
    for (OwnCommit commit = unshared.poll(); commit != null; commit = unshared.poll()) {
      EventPage page = shared;
      if (page == null || page.isFull() || page.commits() != commit.before()) continue;
      if (commit.first() == page.end() + 1)
        shared = continued(page, commit.events(), commit.before() + 1);
      else if (commit.last() <= page.end()) shared = page.withCommits(commit.before() + 1);
    }
  }

  private static EventPage continued(
      EventPage page, List<? extends TrackedEventMessage<?>> events, long commits) {
    long after = page.after();
    var kept = new ArrayList<TrackedEventMessage<?>>(page.events());
    kept.addAll(events);
    int surplus = kept.size() - KEPT_MAX;
    if (surplus > 0) {
      after = position(kept.get(surplus - 1).trackingToken());
      kept.subList(0, surplus).clear();
    }
    return new EventPage(after, commits, page.readNanos(), false, kept);
  }

  /**
   * Returns the events of an aggregate from a sequence number on, as of all notifications, if the
   * shared page has the first or the one before. After a commit, many readers take the page, so
   * this waits for them a little, but not longer than a query takes.
   */
  Optional<List<DomainEventMessage<?>>> eventsOf(String aggregate, long firstSequence) {
    if (!isLockedSoon()) return Optional.empty();
    try {
      shareOwnCommits();
      EventPage page = shared;
      return page == null || page.isFull() || !isCurrent(page)
          ? Optional.empty()
          : page.eventsOf(aggregate, firstSequence);
    } finally {
      lock.unlock();
    }
  }

  private boolean isLockedSoon() {
    try {
      return lock.tryLock(LOCK_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns all later events, page by page on demand. */
  Iterator<? extends TrackedEventMessage<?>> allAfter(@Nullable TrackingToken lastToken) {
    return engine.readEvents(lastToken, false).iterator();
  }

  /** Returns a page with the next events that is as recent as a query of the reader itself. */
  EventPage pageFrom(@Nullable TrackingToken lastToken) {
    lock.lock();
    try {
      return sharedPageFrom(lastToken);
    } finally {
      lock.unlock();
    }
  }

  private EventPage sharedPageFrom(@Nullable TrackingToken lastToken) {
    shareOwnCommits();
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
