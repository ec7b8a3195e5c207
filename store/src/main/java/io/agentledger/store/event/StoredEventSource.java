package io.agentledger.store.event;

import java.time.Duration;
import java.time.Instant;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * Source of all events of a store, with its tokens; subclasses decide how a processor gets them.
 */
abstract class StoredEventSource implements StreamableMessageSource<TrackedEventMessage<?>> {
  private final EventStore store;

  StoredEventSource(EventStore store) {
    this.store = store;
  }

  EventStore store() {
    return store;
  }

  @Override
  public @Nullable TrackingToken createTailToken() {
    return store.createTailToken();
  }

  @Override
  public @Nullable TrackingToken createHeadToken() {
    return store.createHeadToken();
  }

  @Override
  public @Nullable TrackingToken createTokenAt(Instant at) {
    return store.createTokenAt(at);
  }

  @Override
  public @Nullable TrackingToken createTokenSince(Duration duration) {
    return store.createTokenSince(duration);
  }
}
