package io.agentledger.command.subscription;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportEvent.ReportRequested;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.TaskId;
import io.agentledger.command.support.LruCache;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads what filters compare from the first event of a session, an execution or a report, which
 * never changes. Keeps the last {@link #ORIGINS_MAX}. Thread-safe.
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
    EventOrigin known = origins.get(aggregate);
    if (known != null) return Optional.of(known);
    var origin = read(aggregate);
    origin.ifPresent(read -> origins.put(aggregate, read));
    return origin;
  }

  /** Forgets the origin of a session whose owner has changed. */
  void forget(SessionId session) {
    origins.remove(session.value());
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
                  Optional.of(queued.task().taskId())));
      case ReportRequested requested ->
          Optional.of(
              new EventOrigin(
                  aggregate,
                  requested.requester().userId(),
                  requested.definition().subject().session(),
                  Optional.empty(),
                  Optional.empty()));
      case null, default -> Optional.empty();
    };
  }

  private EventOrigin ofSession(SessionOpened opened) {
    var session = opened.sessionId();
    UserId owner = subscriptions.findTransferred(session).orElse(opened.ownerId());
    return new EventOrigin(
        session.value(),
        owner,
        Optional.of(session),
        Optional.of(opened.agent().id()),
        opened.origin() instanceof SessionOrigin.Task task
            ? findTask(task.executionId())
            : Optional.empty());
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
