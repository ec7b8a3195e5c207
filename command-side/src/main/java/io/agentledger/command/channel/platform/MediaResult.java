package io.agentledger.command.channel.platform;

import java.time.Duration;

/** Result of fetching media. Reasons are sentences that are safe to show. */
public sealed interface MediaResult {
  record Fetched(MediaContent content) implements MediaResult {}

  /** The file is refused for good: it is too large, of another type than stated, or gone. */
  record Refused(String reason) implements MediaResult {}

  /**
   * The file cannot be fetched now.
   *
   * @param retryAfter time before the next try that the platform demands; zero if it states none
   */
  record Unavailable(String reason, Duration retryAfter) implements MediaResult {}
}
