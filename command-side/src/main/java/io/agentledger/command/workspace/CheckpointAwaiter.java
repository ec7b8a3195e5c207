package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * A run's end is on the record a moment before what it left in the workspace is kept. Who asks in
 * between means what the run left, and waits; for long nobody does, since what cannot be kept is
 * never on the record.
 *
 * @param patience how long after a run's end its checkpoint is still waited for
 */
record CheckpointAwaiter(
    EventStore store, LiveEventFeed tail, Executor readers, Clock clock, Duration patience) {

  /** Of what happens meanwhile little is on the record. */
  private static final long FACTS_AFTER = 50;

  /** Done when nothing is to be waited for, at the latest when patience is at its end. */
  CompletionStage<Void> end(SessionId session) {
    var kept = new CompletableFuture<Void>();
    Runnable listening =
        tail.listen(
            session.value(),
            event -> {
              if (event.getPayload() instanceof CheckpointTaken) kept.complete(null);
            });
    return CompletableFuture.supplyAsync(() -> left(session), readers)
        .thenCompose(
            left -> kept.completeOnTimeout(null, left.toNanos(), TimeUnit.NANOSECONDS).copy())
        .whenComplete((done, fault) -> listening.run());
  }

  /** How long it is still waited for; nothing where it is not. */
  private Duration left(SessionId session) {
    Optional<Instant> ended = Optional.empty();
    long last = store.lastSequenceNumberFor(session.value()).orElse(0L);
    var facts = store.readEvents(session.value(), Math.max(0, last - FACTS_AFTER));
    while (facts.hasNext()) {
      var event = facts.next();
      ended =
          switch (event.getPayload()) {
            case RunCompleted _, RunFailed _, RunInterrupted _, RunPaused _ ->
                Optional.of(event.getTimestamp());
            case RunStarted _, CheckpointTaken _ -> Optional.empty();
            default -> ended;
          };
    }
    return ended
        .map(at -> Duration.between(clock.instant(), at.plus(patience)))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }
}
