package io.agentledger.api.mcp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits of one server; null where it has none.
 *
 * @param callTimeout of one tool call
 * @param responseTimeout of a request to a user
 */
public record McpLimitsView(@Nullable Duration callTimeout, @Nullable Duration responseTimeout) {
  public static McpLimitsView from(McpLimits limits) {
    return new McpLimitsView(
        nullIfZero(limits.callTimeout()), nullIfZero(limits.responseTimeout()));
  }

  private static @Nullable Duration nullIfZero(Duration limit) {
    return limit.isZero() ? null : limit;
  }
}
