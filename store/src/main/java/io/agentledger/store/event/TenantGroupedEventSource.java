package io.agentledger.store.event;

import org.axonframework.common.stream.BlockingStream;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/**
 * Source of events in groups, each of consecutive events of one tenant: a processor handles a group
 * in one transaction, which locks what belongs to that tenant only.
 */
public final class TenantGroupedEventSource extends StoredEventSource {
  TenantGroupedEventSource(EventStore store) {
    super(store);
  }

  /**
   * Configures a pooled processor to handle one group per transaction. Without a token it begins
   * with new events: a replay would end within a group, whose first events would count as new.
   */
  public static void configure(EventProcessingConfigurer processing, String group) {
    processing.registerPooledStreamingEventProcessorConfiguration(
        group,
        (axon, processor) ->
            processor
                .batchSize(1)
                .initialToken(StreamableMessageSource::createHeadToken)
                .messageSource(new TenantGroupedEventSource(axon.eventStore())));
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
    return new TenantGroupedEventStream(store().openStream(after));
  }
}
