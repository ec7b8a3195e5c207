package io.agentledger.api.subscription;

import org.jspecify.annotations.Nullable;

/**
 * Outcome of a test request.
 *
 * @param httpStatus null without a response
 * @param failure null if the target accepted it
 */
public record DeliveryTestView(
    boolean accepted, @Nullable Integer httpStatus, @Nullable String failure, long durationMs) {}
