package io.agentledger.gateway.identity;

import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to rotate an API key.
 *
 * @param overlapSeconds how long the old secret stays valid
 */
record RotateApiKeyRequest(
    @Nullable
        @Range(min = 0, max = ApiKeyController.OVERLAP_SECONDS_MAX, message = "must be 0 to 604800")
        Long overlapSeconds) {}
