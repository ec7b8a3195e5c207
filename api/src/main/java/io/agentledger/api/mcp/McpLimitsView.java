package io.agentledger.api.mcp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server's own limits; null where it has none.
 *
 * @param callTimeout of one call of a tool
 * @param responseTimeout of a user whom the server asks
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
