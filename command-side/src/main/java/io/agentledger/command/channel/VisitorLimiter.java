package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.Visitor;
import io.agentledger.api.shared.QuotaRejection.LimitReached;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.support.BoundedMap;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.Map;

/**
 * Limits visits and messages of visitors on this node: anybody may open a page with the widget, and
 * each message may call an agent. Thread-safe.
 */
final class VisitorLimiter {
  /** Maximum number of visits a minute from one address to a channel. */
  static final int VISITS_MAX = 60;

  /** Maximum number of messages a minute from one address to a channel. */
  static final int MESSAGES_OF_ADDRESS_MAX = 120;

  /** Maximum number of messages a minute of one visitor. */
  static final int MESSAGES_MAX = 20;

  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int BUCKETS_MAX = 20_000;

  private final Map<String, Bucket> buckets = BoundedMap.accessOrdered(BUCKETS_MAX);

  void acquireVisit(ChannelId channel, String source) {
    acquire("visits_per_minute", VISITS_MAX, channel + " " + source);
  }

  void acquireMessage(Visitor visitor, String source) {
    acquire("messages_per_minute", MESSAGES_MAX, visitor.chatId().value());
    acquire(
        "messages_of_address_per_minute",
        MESSAGES_OF_ADDRESS_MAX,
        visitor.channelId() + " " + source);
  }

  private void acquire(String limit, int max, String key) {
    Bucket bucket;
    synchronized (buckets) {
      bucket =
          buckets.computeIfAbsent(
              limit + " " + key,
              added ->
                  Bucket.builder()
                      .addLimit(band -> band.capacity(max).refillGreedy(max, PERIOD))
                      .build());
    }
    var probe = bucket.tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed())
      throw new RejectionException(
          new LimitReached(limit, max, Duration.ofNanos(probe.getNanosToWaitForRefill())));
  }
}
