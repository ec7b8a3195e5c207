package io.agentledger.store.event;

import java.time.Duration;
import java.util.function.Consumer;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Source of events that arrive a moment after the first of them, so that one transaction of a
 * processor handles the events of a short run; at once if a reader waits for the results. Order and
 * tokens are those of the event store. A replay waits once, at its beginning.
 */
public final class CoalescingEventSource extends StoredEventSource {
  /** Delay of what other parts of the service soon act upon. */
  private static final Duration DELAY = Duration.ofMillis(250);

  /**
   * Delay of what can wait where each run has events: read models that responses hardly ever wait
   * for, deadlines and sums.
   */
  public static final Duration LONG_DELAY = Duration.ofSeconds(1);

  /** Delay of what responses wait for: readers of other nodes cannot shorten it. */
  public static final Duration AWAITED_DELAY = Duration.ofMillis(100);

  /** Delay on the only node of a database, if all of its readers shorten it. */
  public static final Duration SINGLE_NODE_DELAY = Duration.ofMillis(500);

  private final Duration delay;
  private volatile @Nullable CoalescingEventStream latestStream;

  CoalescingEventSource(EventStore store, Duration delay) {
    super(store);
    this.delay = delay;
  }

  /** Configures a pooled processor that no response waits for. */
  public static void configure(EventProcessingConfigurer processing, String group) {
    configure(processing, group, DELAY);
  }

  /**
   * Configures a pooled processor that no response waits for.
   *
   * @param delay until the processor gets the first event
   */
  public static void configure(EventProcessingConfigurer processing, String group, Duration delay) {
    configure(processing, group, delay, expedite -> {});
  }

  /**
   * Configures a pooled processor whose results responses may wait for.
   *
   * @param delay until the processor gets the first event if no reader waits
   * @param waits takes a callback, to be run while a reader of this node waits
   */
  public static void configure(
      EventProcessingConfigurer processing,
      String group,
      Duration delay,
      Consumer<Runnable> waits) {
    processing.registerPooledStreamingEventProcessorConfiguration(
        group,
        (axon, processor) -> {
          var source = new CoalescingEventSource(axon.eventStore(), delay);
          waits.accept(source::expedite);
          return processor.messageSource(source);
        });
  }

  @Override
  public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
    var stream = new CoalescingEventStream(store().openStream(after), delay);
    latestStream = stream;
    return stream;
  }

  private void expedite() {
    var stream = latestStream;
    if (stream != null) stream.expedite();
  }
}
