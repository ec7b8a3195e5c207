package io.agentledger.api.subscription;

import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delivery of one event to a subscription.
 *
 * @param id the {@code webhook-id} of all its requests
 * @param eventId id of the event, the same for all subscriptions
 * @param resourceId session, execution, report or subscription that the event is about; its
 *     deliveries are sent in order
 * @param sessionId session that the event is about; null without one
 * @param attemptCount number of requests up to now
 * @param nextAttemptAt null if none is planned, or an earlier delivery of the same resource is
 *     pending
 * @param attempts the last {@link #ATTEMPTS_MAX}, oldest first; null in lists
 */
public record DeliveryView(
    DeliveryId id,
    SubscriptionId subscriptionId,
    DeliveredEventType eventType,
    String eventId,
    String resourceId,
    @Nullable SessionId sessionId,
    Instant occurredAt,
    Instant createdAt,
    DeliveryStatus status,
    int attemptCount,
    @Nullable Instant nextAttemptAt,
    @Nullable Integer httpStatus,
    @Nullable String failure,
    @Nullable Instant endedAt,
    @Nullable List<DeliveryAttempt> attempts) {
  /** Maximum number of attempts that a response contains. */
  public static final int ATTEMPTS_MAX = 100;

  /**
   * One request of a delivery.
   *
   * @param attempt from 1
   * @param httpStatus null without a response
   * @param failure null if it was accepted
   */
  public record DeliveryAttempt(
      int attempt,
      Instant at,
      long durationMs,
      @Nullable Integer httpStatus,
      @Nullable String failure) {}
}
