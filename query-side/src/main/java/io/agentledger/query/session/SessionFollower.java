package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.store.event.LiveEventFeed;
import io.agentledger.store.event.NotifyingEventStore;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.DomainEventMessage;
import reactor.core.publisher.FluxSink;

/**
 * Position of one reader in one session. Sequences are dense, so a number alone joins stored and
 * live events: numbers below {@code next} are duplicates, {@code next} is the next event, and a
 * higher number means a gap that is read from the store. A reader without demand costs a parked
 * virtual thread and, after a second, no memory.
 */
final class SessionFollower {
  private static final int LIVE_MAX = 256;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Sources that a stream cursor reads from. */
  record Sources(
      NotifyingEventStore store, LiveEventFeed eventFeed, SessionAccessCheck accessCheck) {
    /** Returns the lookup for a stream that starts with the event of a sequence number. */
    EventLookback lookback(String session, long start) {
      return new EventLookback(
          (before, types, max) -> store.readBackwards(session, before, types, max), start);
    }
  }

  /** Request to follow a session, with its caller. */
  record FollowRequest(FollowSession query, Caller caller) {}

  private final Sources sources;
  private final Caller caller;
  private final StreamItemMapperFactory factory;
  private final FollowSession query;
  private final String session;
  private final FluxSink<StreamItem> sink;
  private final Queue<DomainEventMessage<?>> live = new ArrayBlockingQueue<>(LIVE_MAX);
  private final Thread thread;
  private volatile boolean behind = true;
  private volatile boolean suspended;
  private long next;

  /** Whether the last read was without a query: events of another node may be missing. */
  private boolean unverified;

  private long readNanos;

  SessionFollower(
      Sources sources,
      StreamItemMapperFactory factory,
      FollowRequest request,
      FluxSink<StreamItem> sink) {
    this.sources = sources;
    this.caller = request.caller();
    this.query = request.query();
    this.session = query.sessionId().value();
    this.factory = factory;
    this.sink = sink;
    this.thread = Thread.ofVirtual().name("follow-" + session).unstarted(this::run);
  }

  /** Returns at once; everything else happens on a virtual thread. */
  void start() {
    sink.onRequest(n -> LockSupport.unpark(thread));
    // No interrupt: it would close the database connection that the thread may be reading from.
    sink.onDispose(() -> LockSupport.unpark(thread));
    thread.start();
  }

  private void run() {
    Runnable stop = () -> {};
    try {
      var mainThread = sources.accessCheck().require(caller, query.sessionId());
      stop =
          sources
              .eventFeed()
              // Subscribes before reading, so that no event is missed.
              .listen(session, this::offer);
      next = firstSequence();
      var eventLookback = sources.lookback(session, next);
      eventLookback.rememberMainThread(mainThread);
      followEvents(factory.create(eventLookback));
    } catch (RuntimeException e) {
      if (!sink.isCancelled()) sink.error(e);
    } finally {
      stop.run();
    }
  }

  private long firstSequence() {
    return query.after() == FollowSession.FROM_NOW
        ? sources.store().lastSequenceNumberFor(session).map(last -> last + 1).orElse(0L)
        : query.after();
  }

  private void offer(DomainEventMessage<?> event) {
    if (suspended || !live.offer(event)) behind = true; // The event is in the store.
    LockSupport.unpark(thread);
  }

  private void followEvents(StreamItemMapper mapper) {
    while (!sink.isCancelled()) {
      if (!hasDemandWithin(TIMEOUT)) awaitDemand();
      else if (behind) catchUp(mapper);
      else drainOrWait(mapper);
    }
  }

  private void drainOrWait(StreamItemMapper mapper) {
    var event = live.poll();
    if (event == null) {
      LockSupport.parkNanos(this, TIMEOUT.toNanos());
      if (isQueryDue() && live.isEmpty()) behind = true;
    } else if (event.getSequenceNumber() == next) emit(event, mapper);
    else if (event.getSequenceNumber() > next) behind = true;
  }

  private void catchUp(StreamItemMapper mapper) {
    behind = false;
    Iterator<? extends DomainEventMessage<?>> events = readFromNext();
    while (events.hasNext() && !sink.isCancelled()) {
      if (!hasDemandWithin(TIMEOUT)) {
        behind = true; // Releases the page.
        return;
      }
      emit(events.next(), mapper);
    }
  }

  /** Reads events without a query if this node has them, and queries a second later. */
  private Iterator<? extends DomainEventMessage<?>> readFromNext() {
    var committed =
        isQueryDue()
            ? Optional.<List<DomainEventMessage<?>>>empty()
            : sources.store().committedEvents(session, next);
    unverified = committed.isPresent();
    readNanos = System.nanoTime();
    return unverified
        ? committed.get().iterator()
        : sources.store().readEvents(session, next).asStream().iterator();
  }

  private boolean isQueryDue() {
    return unverified && System.nanoTime() - readNanos > TIMEOUT.toNanos();
  }

  private void emit(DomainEventMessage<?> event, StreamItemMapper mapper) {
    next = event.getSequenceNumber() + 1;
    sink.next(mapper.toItem(event));
  }

  /** Discards received events and waits for demand of the reader, without a time limit. */
  private void awaitDemand() {
    suspended = true;
    live.clear();
    while (sink.requestedFromDownstream() == 0 && !sink.isCancelled()) LockSupport.park(this);
    suspended = false;
    behind = true;
  }

  private boolean hasDemandWithin(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (sink.requestedFromDownstream() == 0 && !sink.isCancelled()) {
      long remaining = end - System.nanoTime();
      if (remaining <= 0) return false;
      LockSupport.parkNanos(this, remaining);
    }
    return true;
  }
}
