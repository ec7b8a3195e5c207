package io.agentledger.command.channel.outbound;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.command.channel.platform.PlatformLimits;
import io.agentledger.command.support.CompareAndSwapBuckets;
import io.github.bucket4j.BandwidthBuilder;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;

/**
 * Limits of a platform for one account and for one contact, exact over all nodes. Each has a bucket
 * of tokens. Thread-safe.
 */
final class SendLimits {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final CompareAndSwapBuckets buckets;

  SendLimits(CompareAndSwapBuckets buckets) {
    this.buckets = buckets;
  }

  /**
   * Counts a request, or returns how long it has to wait. Only one caller at a time may ask for a
   * chat.
   */
  Duration acquire(ChannelId channel, ChatId chat, PlatformLimits limits) {
    var interval = limits.contactInterval();
    var contact = interval.isPositive() ? bucket("chat/" + chat, 1, interval) : null;
    if (contact != null) {
      var wait = contact.estimateAbilityToConsume(1).getNanosToWaitForRefill();
      if (wait > 0) return Duration.ofNanos(wait);
    }
    int rate = limits.messagesPerSecond();
    var result =
        bucket("channel/" + channel + "/" + rate, rate, SECOND).tryConsumeAndReturnRemaining(1);
    if (!result.isConsumed()) return Duration.ofNanos(result.getNanosToWaitForRefill());
    if (contact != null) contact.tryConsume(1);
    return Duration.ZERO;
  }

  private Bucket bucket(String name, int tokens, Duration period) {
    return buckets.getProxy(
        name,
        () ->
            BucketConfiguration.builder()
                .addLimit(
                    BandwidthBuilder.builder()
                        .capacity(tokens)
                        .refillGreedy(tokens, period)
                        .build())
                .build());
  }
}
