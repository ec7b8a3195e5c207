package io.agentledger.store.event;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads every event that is committed after its start, in order and once each. Listeners run on its
 * one thread: they must not block; their exceptions are logged and affect no other listener. After
 * a failure of the database it continues where it stopped.
 */
public final class LiveEventFeed implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(LiveEventFeed.class);
  private static final Duration PAUSE_MIN = Duration.ofMillis(50);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  private final EventStore store;
  private final Map<String, Set<Consumer<DomainEventMessage<?>>>> listeners =
      new ConcurrentHashMap<>();
  private final Set<Consumer<DomainEventMessage<?>>> globalListeners =
      ConcurrentHashMap.newKeySet();
  private volatile @Nullable Thread reader;
  private boolean isStarted;
  private @Nullable TrackingToken lastToken;
  private Duration pause = PAUSE_MIN;

  LiveEventFeed(EventStore store) {
    this.store = store;
  }

  /** Listens to events of one aggregate that are read after this call; run the result to stop. */
  public Runnable listen(String aggregateId, Consumer<DomainEventMessage<?>> listener) {
    listeners.compute(
        aggregateId,
        (id, all) -> {
          Set<Consumer<DomainEventMessage<?>>> set =
              all == null ? ConcurrentHashMap.newKeySet() : all;
          set.add(listener);
          return set;
        });
    return () ->
        listeners.computeIfPresent(
            aggregateId,
            (id, all) -> {
              all.remove(listener);
              return all.isEmpty() ? null : all;
            });
  }

  /** Listens to every event that is read after this call; run the result to stop. */
  public Runnable listen(Consumer<DomainEventMessage<?>> listener) {
    globalListeners.add(listener);
    return () -> globalListeners.remove(listener);
  }

  private void run() {
    while (reader == Thread.currentThread()) {
      try {
        read();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        if (!pauseBeforeRetry(e)) return;
      }
    }
  }

  private void read() throws InterruptedException {
    if (!isStarted) {
      lastToken = store.createHeadToken();
      isStarted = true;
    }
    try (var stream = store.openStream(lastToken)) {
      while (reader == Thread.currentThread()) {
        TrackedEventMessage<?> event = stream.nextAvailable();
        lastToken = event.trackingToken();
        pause = PAUSE_MIN;
        if (event instanceof DomainEventMessage<?> eventMessage) deliver(eventMessage);
      }
    }
  }

  private boolean pauseBeforeRetry(RuntimeException broken) {
    if (reader != Thread.currentThread()) return false;
    log.atWarn()
        .addKeyValue("pauseMillis", pause.toMillis())
        .setCause(broken)
        .log("live event feed failed; it will continue");
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
    return true;
  }

  private void deliver(DomainEventMessage<?> event) {
    listeners
        .getOrDefault(event.getAggregateIdentifier(), Set.of())
        .forEach(l -> deliver(l, event));
    globalListeners.forEach(l -> deliver(l, event));
  }

  private static void deliver(
      Consumer<DomainEventMessage<?>> listener, DomainEventMessage<?> event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("aggregateId", event.getAggregateIdentifier())
          .addKeyValue("sequence", event.getSequenceNumber())
          .setCause(e)
          .log("listener of the live event feed failed");
    }
  }

  @Override
  public void start() {
    Thread started = Thread.ofPlatform().name("tail").daemon().unstarted(this::run);
    reader = started;
    started.start();
  }

  @Override
  public void stop() {
    Thread stopped = reader;
    reader = null;
    if (stopped == null) return;
    stopped.interrupt();
    try {
      stopped.join(PAUSE_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return reader != null;
  }
}
