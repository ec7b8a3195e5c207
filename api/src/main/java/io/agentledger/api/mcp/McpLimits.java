package io.agentledger.api.mcp;

import java.time.Duration;

/**
 * Timeouts of a server and of its requests to users.
 *
 * @param callTimeout of one tool call, including the time in which users are asked; zero: the
 *     operator's maximum
 * @param responseTimeout of a request to a user; zero: until the call ends
 */
public record McpLimits(Duration callTimeout, Duration responseTimeout) {
  public static final McpLimits NONE = new McpLimits(Duration.ZERO, Duration.ZERO);

  /** Smallest value of either timeout, if given. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  public static final Duration LONGEST = Duration.ofHours(24);
}
