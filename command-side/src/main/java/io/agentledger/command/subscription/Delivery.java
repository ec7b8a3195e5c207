package io.agentledger.command.subscription;

import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.SubscriptionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Delivery that is due.
 *
 * @param sequence of the event in its stream, from 1
 * @param attempts number of requests up to now
 * @param tries number of requests since it was created, or since a user requested it again
 * @param firstTryAt null before the first of them
 */
record Delivery(
    SubscriptionId subscription,
    DeliveryId id,
    DeliveredEventType type,
    String eventId,
    String resourceId,
    long sequence,
    Instant occurredAt,
    int attempts,
    int tries,
    @Nullable Instant firstTryAt) {

  /**
   * One of the two channels of a subscription, which are sent independently of each other; all
   * deliveries about a resource are in the same one.
   */
  record Channel(SubscriptionId subscription, int number) {
    static final int COUNT = 2;

    static Channel of(SubscriptionId subscription, String resourceId) {
      return new Channel(subscription, Math.floorMod(resourceId.hashCode(), COUNT));
    }

    /** Reverses {@link #queue}. */
    static Channel ofQueue(String queue) {
      int end = queue.lastIndexOf('.');
      var subscription = new SubscriptionId(queue.substring(0, end));
      return new Channel(subscription, Integer.parseInt(queue.substring(end + 1)));
    }

    /** Returns the name of the queue of jobs. */
    String queue() {
      return subscription + "." + number;
    }
  }

  Channel channel() {
    return Channel.of(subscription, resourceId);
  }
}
