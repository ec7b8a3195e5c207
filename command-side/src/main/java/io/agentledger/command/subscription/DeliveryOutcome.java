package io.agentledger.command.subscription;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Outcome of one request.
 *
 * @param httpStatus null without a response
 * @param failure null if the target accepted it
 * @param retryAfter shortest delay that the target asks for; zero if it does not
 */
record DeliveryOutcome(
    @Nullable Integer httpStatus,
    @Nullable String failure,
    Duration duration,
    Duration retryAfter) {
  private static final int GONE = 410;

  /** A response that takes longer holds up the deliveries of others. */
  private static final Duration SLOW = Duration.ofSeconds(10);

  boolean accepted() {
    return failure == null;
  }

  boolean isGone() {
    return httpStatus != null && httpStatus == GONE;
  }

  /** Returns whether the channel shall pause: the target gave no response, or a slow one. */
  boolean needsBreak() {
    return httpStatus == null || duration.compareTo(SLOW) > 0;
  }
}
