package io.agentledger.api.trigger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Webhook that a trigger received.
 *
 * @param providerDeliveryId id that the provider gave it
 * @param eventType as the provider names it; empty if it has none
 * @param sourceAddress address of the client that sent it
 * @param attempt number of the last attempt to process it, from 1
 * @param outcome null while it is pending
 * @param payload its body; null in lists, and for callers who may not see it
 */
public record InboundDeliveryView(
    InboundDeliveryId id,
    TriggerId triggerId,
    String providerDeliveryId,
    String eventType,
    DeliveryStatus status,
    int attempt,
    @Nullable DeliveryOutcome outcome,
    String sourceAddress,
    long payloadBytes,
    @Nullable String payload,
    Instant receivedAt,
    @Nullable Instant processedAt) {}
