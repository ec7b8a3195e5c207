package io.agentledger.api.quota;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decision of the rate limiter about a request, with the remaining allowance.
 *
 * @param policies limits, shortest window first; empty if calls were not counted
 * @param refusal the exceeded limit; empty if the request is permitted
 */
public record RateLimitDecision(List<Limit> policies, Optional<Refusal> refusal) {
  /** Decision when counting fails: requests are permitted. */
  public static final RateLimitDecision UNLIMITED =
      new RateLimitDecision(List.of(), Optional.empty());

  public RateLimitDecision {
    policies = List.copyOf(policies);
  }

  /**
   * One limit.
   *
   * @param name minute or hour
   * @param quota calls in a window
   * @param remaining calls that are left now
   * @param reset time until the whole quota is available again
   */
  public record Limit(String name, long quota, Duration window, long remaining, Duration reset) {}

  /** Exceeded limit and the time until it permits the next call. */
  public record Refusal(Limit policy, Duration retryAfter) {}
}
