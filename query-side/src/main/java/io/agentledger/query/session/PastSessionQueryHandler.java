package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.query.SessionComparison;
import io.agentledger.api.session.query.SessionComparison.EventCount;
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.session.query.SessionQuery.CompareSession;
import io.agentledger.api.session.query.SessionQuery.FindPastSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.PositionBeyondEnd;
import io.agentledger.api.shared.SessionRejection.SessionNotYetOpened;
import io.agentledger.api.shared.StableNames;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.transcript.PendingActionChange;
import io.agentledger.projection.session.transcript.PendingActionChange.Added;
import io.agentledger.projection.session.transcript.PendingActionChange.Removed;
import io.agentledger.projection.session.transcript.PendingActionChange.Unchanged;
import io.agentledger.projection.session.transcript.PendingActionRow;
import io.agentledger.projection.session.transcript.PendingActionRow.ActionContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/**
 * Shows a session as it was: folds its events up to a position into the rows of the read models,
 * which are not stored. Whether the caller may see the session is decided by its present state.
 */
class PastSessionQueryHandler {
  private static final SessionPosition PRESENT = new SessionPosition.AsOf(Instant.MAX);

  private final EventStore store;
  private final SessionAccessCheck accessCheck;
  private final SessionViewMapper views;

  PastSessionQueryHandler(
      EventStore store, SessionAccessCheck accessCheck, SessionViewMapper views) {
    this.store = store;
    this.accessCheck = accessCheck;
    this.views = views;
  }

  /** Reads and opens all events up to the position; blocks its caller. */
  @QueryHandler
  SessionView find(FindPastSession query, Caller caller) {
    accessCheck.require(caller, query.sessionId());
    var history = new History(query.sessionId(), caller);
    history.foldUntil(query.position());
    return history.view(query.position(), "at");
  }

  /** Reads and opens all events up to the later position; blocks its caller. */
  @QueryHandler
  SessionComparison compare(CompareSession query, Caller caller) {
    accessCheck.require(caller, query.sessionId());
    var history = new History(query.sessionId(), caller);
    var from = new SessionPosition.AtSequence(query.from());
    history.foldUntil(from);
    var before = history.view(from, "from");
    history.counts.clear();
    var to = query.to() == null ? PRESENT : new SessionPosition.AtSequence(query.to());
    history.foldUntil(to);
    var counts =
        history.counts.entrySet().stream()
            .map(count -> new EventCount(count.getKey(), count.getValue()))
            .toList();
    return new SessionComparison(before, history.view(to, "to"), counts);
  }

  /** A session that is folded from its events, step by step. */
  private final class History {
    private final Caller caller;
    private final DomainEventStream events;
    private final LinkedHashMap<String, PendingActionRow> pending = new LinkedHashMap<>();
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private @Nullable SessionRow row;

    History(SessionId session, Caller caller) {
      this.caller = caller;
      this.events = store.readEvents(session.value(), 0);
    }

    void foldUntil(SessionPosition position) {
      while (events.hasNext() && includes(position, events.peek())) fold(events.next());
    }

    private void fold(DomainEventMessage<?> message) {
      var event = (SessionEvent) message.getPayload();
      long sequence = message.getSequenceNumber() + 1;
      if (event instanceof SessionOpened opened)
        row = new SessionRow(caller.tenant().value(), opened, message.getTimestamp());
      else if (row != null) row.apply(event, sequence, message.getTimestamp());
      if (event instanceof ActionEvent action) apply(action, message, pending);
      counts.merge(StableNames.of(event.getClass()), 1L, Long::sum);
    }

    SessionView view(SessionPosition position, String parameter) {
      if (row == null)
        throw new RejectionException(new SessionNotYetOpened(events.peek().getTimestamp()));
      if (position instanceof SessionPosition.AtSequence(var sequence) && row.sequence() < sequence)
        throw new RejectionException(new PositionBeyondEnd(row.sequence(), parameter));
      return views.toView(row, List.copyOf(pending.values()));
    }
  }

  private static boolean includes(SessionPosition position, DomainEventMessage<?> message) {
    return switch (position) {
      case SessionPosition.AtSequence(var sequence) -> message.getSequenceNumber() < sequence;
      case SessionPosition.AsOf(var time) -> !message.getTimestamp().isAfter(time);
    };
  }

  private static void apply(
      ActionEvent event,
      DomainEventMessage<?> message,
      LinkedHashMap<String, PendingActionRow> pending) {
    var tenant = Provenance.of(message.getMetaData()).tenant().value();
    var context =
        new ActionContext(tenant, message.getSequenceNumber() + 1, message.getTimestamp());
    switch (PendingActionChange.of(event, context)) {
      case Added(var row) -> pending.put(row.id(), row);
      case Removed(var id) -> pending.remove(id.value());
      case Unchanged() -> {}
    }
  }
}
