package io.agentledger.store.event;

import java.time.Duration;
import java.time.Instant;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.config.Configuration;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * Source of events for a processor whose results hardly any response waits for: events arrive a
 * moment after the first of them, so that one transaction handles the events of a short run. Order
 * and tokens are those of the event store. A replay waits once, at its beginning.
 */
public final class CoalescingEventSource
    implements StreamableMessageSource<TrackedEventMessage<?>> {
  static final Duration DELAY = Duration.ofMillis(250);

  private final EventStore store;
  private final Duration delay;

  CoalescingEventSource(EventStore store, Duration delay) {
    this.store = store;
    this.delay = delay;
  }

  /** Configures a pooled processor to read from such a source. */
  public static void configure(EventProcessingConfigurer processing, String group) {
    processing.registerPooledStreamingEventProcessorConfiguration(
        group, (axon, processor) -> processor.messageSource(create(axon)));
  }

  private static CoalescingEventSource create(Configuration axon) {
    return new CoalescingEventSource(axon.eventStore(), DELAY);
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
    return new CoalescingEventStream(store.openStream(after), delay);
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
