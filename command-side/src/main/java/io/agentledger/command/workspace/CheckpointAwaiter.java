package io.agentledger.command.workspace;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.support.CancellableOperation;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Waits for the checkpoint of the last run, which is recorded shortly after the run's end. A
 * request in between refers to the files after the run, so it waits, but only up to a timeout,
 * because a checkpoint that failed is never recorded.
 *
 * @param timeout how long after a run's end its checkpoint is awaited
 */
record CheckpointAwaiter(
    EventStore store,
    LiveEventFeed eventFeed,
    FileExecutors executors,
    Clock clock,
    Duration timeout) {

  /** Maximum number of events after the end of a run that are searched. */
  private static final long EVENTS_AFTER_RUN = 50;

  /** Completes when there is nothing to wait for, at the latest after the timeout. */
  CompletionStage<Void> awaitCheckpoint(SessionId session) {
    var checkpointTaken = new CompletableFuture<Void>();
    Runnable unsubscribe =
        eventFeed.listen(
            session.value(),
            event -> {
              if (event.getPayload() instanceof CheckpointTaken) checkpointTaken.complete(null);
            });
    return CancellableOperation.submit(() -> remaining(session), executors.reader(session))
        .thenCompose(
            remaining ->
                checkpointTaken
                    .completeOnTimeout(null, remaining.toNanos(), TimeUnit.NANOSECONDS)
                    .copy())
        .whenComplete((done, fault) -> unsubscribe.run());
  }

  /** End of a run's attempt. */
  private record RunEnd(RunId run, Instant at) {}

  /** Returns the remaining time to wait; zero if there is nothing to wait for. */
  private Duration remaining(SessionId session) {
    Optional<RunEnd> end = Optional.empty();
    long last = store.lastSequenceNumberFor(session.value()).orElse(0L);
    var events = store.readEvents(session.value(), Math.max(0, last - EVENTS_AFTER_RUN));
    while (events.hasNext()) {
      var event = events.next();
      end =
          switch (event.getPayload()) {
            case RunStarted _, CheckpointTaken _ -> Optional.empty();
            case RunCompleted run -> Optional.of(new RunEnd(run.runId(), event.getTimestamp()));
            case RunFailed run -> Optional.of(new RunEnd(run.runId(), event.getTimestamp()));
            case RunInterrupted run -> Optional.of(new RunEnd(run.runId(), event.getTimestamp()));
            case RunPaused run -> Optional.of(new RunEnd(run.runId(), event.getTimestamp()));
            default -> end;
          };
    }
    return end.filter(ended -> hasCheckpoint(session, ended.run()))
        .map(ended -> Duration.between(clock.instant(), ended.at().plus(timeout)))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  /** Returns whether a checkpoint is taken after the run. */
  private boolean hasCheckpoint(SessionId session, RunId run) {
    boolean checkpointing = true;
    var events = store.readEvents(session.value(), 0);
    while (events.hasNext())
      checkpointing =
          switch (events.next().getPayload()) {
            case SessionOpened opened -> opened.options().checkpointing();
            case QueryIssued issued when issued.runId().equals(run) ->
                issued.options().checkpointing();
            case QueryQueued queued when queued.runId().equals(run) ->
                queued.options().checkpointing();
            default -> checkpointing;
          };
    return checkpointing;
  }
}
