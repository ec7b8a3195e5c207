package io.agentledger.gateway.mcp;

import io.agentledger.api.mcp.McpLimits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Timeouts of a server and of its requests to users.
 *
 * @param callTimeoutSeconds of one tool call; null: the operator's maximum
 * @param responseTimeoutSeconds of a request to a user; null: until the call ends
 */
record McpLimitsRequest(
    @Nullable
        @Min(value = SECONDS_MIN, message = RANGE_RULE)
        @Max(value = SECONDS_MAX, message = RANGE_RULE)
        Long callTimeoutSeconds,
    @Nullable
        @Min(value = SECONDS_MIN, message = RANGE_RULE)
        @Max(value = SECONDS_MAX, message = RANGE_RULE)
        Long responseTimeoutSeconds) {
  static final long SECONDS_MIN = 1;
  static final long SECONDS_MAX = 86_400;
  static final String RANGE_RULE = "must be 1 to 86400";

  static McpLimits toLimits(@Nullable McpLimitsRequest mcpLimitsRequest) {
    return mcpLimitsRequest == null
        ? McpLimits.NONE
        : new McpLimits(
            toDuration(mcpLimitsRequest.callTimeoutSeconds()),
            toDuration(mcpLimitsRequest.responseTimeoutSeconds()));
  }

  private static Duration toDuration(@Nullable Long seconds) {
    return seconds == null ? Duration.ZERO : Duration.ofSeconds(seconds);
  }
}
