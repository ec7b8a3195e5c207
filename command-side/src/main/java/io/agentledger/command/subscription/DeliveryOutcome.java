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

  boolean accepted() {
    return failure == null;
  }

  boolean isGone() {
    return httpStatus != null && httpStatus == GONE;
  }

  boolean isUnanswered() {
    return httpStatus == null;
  }
}
