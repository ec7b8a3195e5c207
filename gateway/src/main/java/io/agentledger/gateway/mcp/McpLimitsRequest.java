package io.agentledger.gateway.mcp;

import io.agentledger.api.mcp.McpLimits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a server and the users that it asks may take, in milliseconds.
 *
 * @param callTimeoutMs of one call; null: as long as the operator lets any
 * @param answerTimeoutMs of a user whom it asks; null: until the call ends
 */
record McpLimitsRequest(
    @Nullable @Min(value = SHORTEST, message = RANGE) @Max(value = LONGEST, message = RANGE)
        Long callTimeoutMs,
    @Nullable @Min(value = SHORTEST, message = RANGE) @Max(value = LONGEST, message = RANGE)
        Long answerTimeoutMs) {
  static final long SHORTEST = 1_000;
  static final long LONGEST = 86_400_000;
  static final String RANGE = "must be 1000 to 86400000";

  static McpLimits of(@Nullable McpLimitsRequest mcpLimitsRequest) {
    return mcpLimitsRequest == null
        ? McpLimits.NONE
        : new McpLimits(
            millis(mcpLimitsRequest.callTimeoutMs()), millis(mcpLimitsRequest.answerTimeoutMs()));
  }

  private static Duration millis(@Nullable Long given) {
    return given == null ? Duration.ZERO : Duration.ofMillis(given);
  }
}
