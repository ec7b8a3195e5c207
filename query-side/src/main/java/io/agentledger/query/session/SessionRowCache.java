package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionAcl;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.store.event.NotifyingEventStore.ChangeListener;
import io.agentledger.store.support.BoundedMap;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * Cache of the sessions that were opened or read last. The events that this node commits are
 * applied to it, as the projection applies them to its rows. For a node that records all events
 * itself. While events of a session are committed, nothing is answered from here, so that nobody
 * who has seen one of them gets an older state. A session is removed when the key of its contents
 * was destroyed. Thread-safe, and never blocks.
 */
final class SessionRowCache implements ChangeListener {
  /** Limit for what no event reports, such as a change of the tables by hand. */
  private static final Duration AGE_MAX = Duration.ofMinutes(1);

  private final Map<String, Entry> entries;

  /** Number of the commits in progress by session. */
  private final Map<String, Integer> changing = new ConcurrentHashMap<>();

  /**
   * Creates the cache.
   *
   * @param sessionsMax maximum number of sessions; zero for none
   */
  SessionRowCache(int sessionsMax) {
    entries = Collections.synchronizedMap(BoundedMap.accessOrdered(sessionsMax));
  }

  /** Session after its last committed event, or the mark of a read in progress. */
  private static final class Entry {
    private static final Entry NONE = new Entry(null, null, 0);

    private final @Nullable SessionRow row;
    private final @Nullable SessionView view;

    /** When the row was read from the database, or the session was opened. */
    private final long nanos;

    private Entry(@Nullable SessionRow row, @Nullable SessionView view, long nanos) {
      this.row = row;
      this.view = view;
      this.nanos = nanos;
    }

    /** Returns a new mark, because marks are compared by identity. */
    static Entry mark() {
      return new Entry(null, null, 0);
    }

    /**
     * Returns null for a session that contains a schema or tools of the client, or may be large.
     */
    static @Nullable Entry of(SessionRow row, @Nullable SessionView view, long nanos) {
      var setup = row.agentSetup();
      boolean isSmall =
          !row.options().hasOutputSchema() && (setup == null || setup.clientTools() == null);
      return isSmall ? new Entry(row, view, nanos) : null;
    }

    /** Returns null if the event is not the next one. */
    @Nullable Entry after(DomainEventMessage<?> message, SessionEvent event) {
      long eventCount = message.getSequenceNumber() + 1;
      if (row == null || eventCount != row.sequence() + 1) return null;
      return of(row.after(event, eventCount, message.getTimestamp()), null, nanos);
    }

    boolean contains(long sequence) {
      return row != null && row.sequence() > sequence;
    }

    /** Returns whether the caller may see the session, without a share. */
    boolean isVisibleTo(Caller caller) {
      return row != null
          && row.tenant().equals(caller.tenant().value())
          && SessionAcl.ownedBy(new UserId(row.owner())).canRead(caller)
          && row.lifecycle().status() != LifecycleStatus.DELETED
          && isFresh();
    }

    /** A mark is not: the read that begins last has the newest row. */
    boolean isFresh() {
      return row != null && System.nanoTime() - nanos < AGE_MAX.toNanos();
    }
  }

  /** Returns a session; empty if it is not here, or if only a share lets the caller see it. */
  Optional<SessionView> find(Caller caller, String session) {
    return Optional.ofNullable(current(caller, session).view);
  }

  /** Returns the row of a session, which must not be changed; empty as with {@link #find}. */
  Optional<SessionRow> findRow(Caller caller, String session) {
    return Optional.ofNullable(current(caller, session).row);
  }

  private Entry current(Caller caller, String session) {
    if (changing.containsKey(session)) return Entry.NONE; // Asked before the entry is read.
    var entry = entries.get(session);
    return entry != null && entry.isVisibleTo(caller) ? entry : Entry.NONE;
  }

  /**
   * Returns a session that is here, or reads it and keeps the result, unless it may be large.
   *
   * @param reader reads the row with all of its events, if the caller may see it
   */
  Optional<SessionView> read(
      Caller caller,
      String session,
      Supplier<Optional<SessionRow>> reader,
      Function<SessionRow, SessionView> mapper) {
    var kept = current(caller, session);
    if (kept.row != null && kept.row.activity() != Activity.WAITING) {
      if (kept.view != null) return Optional.of(kept.view);
      var view = mapper.apply(kept.row);
      entries.replace(session, kept, new Entry(kept.row, view, kept.nanos));
      return Optional.of(view);
    }
    long nanos = System.nanoTime();
    var mark = Entry.mark();
    boolean isMarked = !changing.containsKey(session) && mark(session, mark);
    var row = reader.get();
    var view = row.map(mapper);
    if (!isMarked) return view;
    var read = row.map(found -> Entry.of(found, smallView(view), nanos));
    if (read.isEmpty() || changing.containsKey(session)) entries.remove(session, mark);
    else entries.replace(session, mark, read.get());
    return view;
  }

  /** Returns false if the session is here, but not for this caller. */
  private boolean mark(String session, Entry mark) {
    return entries.compute(session, (id, entry) -> entry == null || !entry.isFresh() ? mark : entry)
        == mark;
  }

  /** Returns null for a session that waits for a decision about inputs, which may be large. */
  private static @Nullable SessionView smallView(Optional<SessionView> view) {
    return view.filter(read -> read.activity() != Activity.WAITING).orElse(null);
  }

  @Override
  public Runnable beforeCommit(String session, long lastSequence) {
    changing.merge(session, 1, Integer::sum);
    entries.computeIfPresent(session, (id, entry) -> entry.row == null ? null : entry);
    return () -> {
      entries.computeIfPresent(session, (id, entry) -> entry.contains(lastSequence) ? entry : null);
      changing.computeIfPresent(session, (id, count) -> count == 1 ? null : count - 1);
    };
  }

  /** The lock of the aggregate keeps the order of commits to a session. */
  @Override
  public void afterCommit(DomainEventMessage<?> message) {
    String session = message.getAggregateIdentifier();
    var type = message.getPayloadType();
    if (type == SessionOpened.class) open(session, message);
    else if (SessionEvent.class.isAssignableFrom(type) && entries.containsKey(session)) {
      var event = (SessionEvent) message.getPayload();
      entries.computeIfPresent(session, (id, entry) -> entry.after(message, event));
    }
  }

  private void open(String session, DomainEventMessage<?> message) {
    long nanos = System.nanoTime();
    var tenant = Provenance.of(message.getMetaData()).tenant().value();
    var event = (SessionOpened) message.getPayload();
    var entry = Entry.of(new SessionRow(tenant, event, message.getTimestamp()), null, nanos);
    if (entry != null) entries.put(session, entry);
  }

  /** Removes a session whose key was destroyed. */
  void remove(String session) {
    entries.remove(session);
  }
}
