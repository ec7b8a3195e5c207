package io.agentledger.gateway.channel;

import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.Range;

/**
 * Messages that the caller has read.
 *
 * @param through number of the last one
 */
record ReadChatRequest(
    @NotNull(message = "is required")
        @Range(min = 1, max = Integer.MAX_VALUE, message = "must be 1 to 2147483647")
        Long through) {}
