package io.agentledger.api.mcp;

import java.time.Duration;

/**
 * Timeouts of a server and of the users that it asks.
 *
 * @param callTimeout of one call of a tool, the time in which users are asked included; zero: as
 *     long as the operator lets any
 * @param responseTimeout of a user that it asks something; zero: until the call ends
 */
public record McpLimits(Duration callTimeout, Duration responseTimeout) {
  public static final McpLimits NONE = new McpLimits(Duration.ZERO, Duration.ZERO);

  /** The bounds of either, where it is given. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  public static final Duration LONGEST = Duration.ofHours(24);
}
