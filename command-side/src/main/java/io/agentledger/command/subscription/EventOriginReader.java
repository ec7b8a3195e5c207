package io.agentledger.command.subscription;

import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.TaskId;
import io.agentledger.command.subscription.EventOrigin.Shares;
import io.agentledger.command.support.LruCache;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads what filters compare from the first event of a session, an execution or a report, which
 * never changes, and the present owner and shares of a session from a table. Keeps the last {@link
 * #ORIGINS_MAX} first events only: another node may have recorded a transfer. Thread-safe.
 */
final class EventOriginReader {
  private static final int ORIGINS_MAX = 5_000;

  private final EventStore events;
  private final SubscriptionTable subscriptions;
  private final LruCache origins = new LruCache(ORIGINS_MAX);

  EventOriginReader(EventStore events, SubscriptionTable subscriptions) {
    this.events = events;
    this.subscriptions = subscriptions;
  }

  /** Returns the origin of an event of a stream; empty for a stream of another type. */
  Optional<EventOrigin> find(String aggregate) {
    return findFirst(aggregate).map(this::withPresentAccess);
  }

  private EventOrigin withPresentAccess(EventOrigin origin) {
    if (!origin.isSession()) return origin;
    var session = new SessionId(origin.resourceId());
    return origin.withAccess(
        subscriptions.findTransferred(session).orElse(origin.owner()),
        subscriptions.findShares(session));
  }

  private Optional<EventOrigin> findFirst(String aggregate) {
    EventOrigin known = origins.get(aggregate);
    if (known != null) return Optional.of(known);
    var origin = read(aggregate);
    origin.ifPresent(read -> origins.put(aggregate, read));
    return origin;
  }

  private Optional<EventOrigin> read(String aggregate) {
    return switch (first(aggregate)) {
      case SessionOpened opened -> Optional.of(ofSession(opened));
      case ExecutionQueued queued ->
          Optional.of(
              new EventOrigin(
                  aggregate,
                  queued.principal().userId(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(queued.task().taskId()),
                  Shares.NONE));
      case ReportRequested requested ->
          Optional.of(
              new EventOrigin(
                  aggregate,
                  requested.requester().userId(),
                  requested.definition().subject().session(),
                  Optional.empty(),
                  Optional.empty(),
                  Shares.NONE));
      case null, default -> Optional.empty();
    };
  }

  private EventOrigin ofSession(SessionOpened opened) {
    var session = opened.sessionId();
    return new EventOrigin(
        session.value(),
        opened.ownerId(),
        Optional.of(session),
        Optional.of(opened.agent().id()),
        opened.origin() instanceof SessionOrigin.Task task
            ? findTask(task.executionId())
            : Optional.empty(),
        Shares.NONE);
  }

  private Optional<TaskId> findTask(String execution) {
    return first(execution) instanceof ExecutionQueued queued
        ? Optional.of(queued.task().taskId())
        : Optional.empty();
  }

  private @Nullable Object first(String aggregate) {
    var stream = events.readEvents(aggregate, 0);
    return stream.hasNext() ? stream.next().getPayload() : null;
  }
}
