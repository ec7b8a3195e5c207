package io.agentledger.api.mcp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server's own limits in milliseconds; null where it has none.
 *
 * @param callTimeoutMs of one call of a tool
 * @param answerTimeoutMs of a user whom it asks
 */
public record McpLimitsView(@Nullable Long callTimeoutMs, @Nullable Long answerTimeoutMs) {
  public static McpLimitsView from(McpLimits limits) {
    return new McpLimitsView(millis(limits.callTimeout()), millis(limits.answerTimeout()));
  }

  private static @Nullable Long millis(Duration limit) {
    return limit.isZero() ? null : limit.toMillis();
  }
}
