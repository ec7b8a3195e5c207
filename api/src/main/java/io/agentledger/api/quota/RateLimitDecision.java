package io.agentledger.api.quota;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decision of the rate limiter about a request, with the remaining allowance.
 *
 * @param policies the limits, the one of the shortest window first; empty when nobody counted
 * @param refusal why it was refused; empty when it was not
 */
public record RateLimitDecision(List<Limit> policies, Optional<Refusal> refusal) {
  /** Nobody could count: calls are let through rather than all refused. */
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
   * @param remaining calls from now on, if none came back
   * @param reset until the whole quota is there again
   */
  public record Limit(String name, long quota, Duration window, long remaining, Duration reset) {}

  /** Exceeded limit and the time until it permits the next call. */
  public record Refusal(Limit policy, Duration retryAfter) {}
}
