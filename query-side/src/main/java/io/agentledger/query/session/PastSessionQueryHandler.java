package io.agentledger.query.session;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.session.query.SessionQuery.FindPastSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.PositionBeyondEnd;
import io.agentledger.api.shared.SessionRejection.SessionNotYetOpened;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.transcript.PendingActionChange;
import io.agentledger.projection.session.transcript.PendingActionChange.Added;
import io.agentledger.projection.session.transcript.PendingActionChange.Removed;
import io.agentledger.projection.session.transcript.PendingActionChange.Unchanged;
import io.agentledger.projection.session.transcript.PendingActionRow;
import io.agentledger.projection.session.transcript.PendingActionRow.ActionContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;

/**
 * Shows a session as it was: folds its events up to a position into the rows of the read models,
 * which are not stored. Whether the caller may see the session is decided by its present state.
 */
class PastSessionQueryHandler {
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
    @Nullable SessionRow row = null;
    var pending = new LinkedHashMap<String, PendingActionRow>();
    var events = store.readEvents(query.sessionId().value(), 0);
    while (events.hasNext()) {
      var message = events.next();
      if (!includes(query.position(), message)) return toView(query, row, pending, message);
      var event = (SessionEvent) message.getPayload();
      long sequence = message.getSequenceNumber() + 1;
      if (event instanceof SessionOpened opened)
        row = new SessionRow(caller.tenant().value(), opened, message.getTimestamp());
      else if (row != null) row.apply(event, sequence, message.getTimestamp());
      if (event instanceof ActionEvent action) apply(action, message, pending);
    }
    return toView(query, row, pending, null);
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

  /**
   * Maps the folded rows.
   *
   * @param next first event after the position; null if there is none
   */
  private SessionView toView(
      FindPastSession query,
      @Nullable SessionRow row,
      LinkedHashMap<String, PendingActionRow> pending,
      @Nullable DomainEventMessage<?> next) {
    if (row == null)
      throw new RejectionException(
          new SessionNotYetOpened(Objects.requireNonNull(next).getTimestamp()));
    if (query.position() instanceof SessionPosition.AtSequence(var sequence)
        && row.sequence() < sequence)
      throw new RejectionException(new PositionBeyondEnd(row.sequence()));
    return views.toView(row, List.copyOf(pending.values()));
  }
}
