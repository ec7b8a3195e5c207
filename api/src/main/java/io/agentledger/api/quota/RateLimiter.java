package io.agentledger.api.quota;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.shared.QuotaRejection.LimitReached;
import io.agentledger.api.shared.RejectionException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Counts requests before they are processed: those of a user on all nodes together, those of an
 * anonymous client on this node. Never blocks.
 */
public interface RateLimiter {
  /** Acquires calls from the caller's allowance, all of them or none. */
  CompletionStage<RateLimitDecision> acquire(Caller caller, int calls);

  /**
   * Acquires a call of an unauthenticated client from the allowance of its address; returns whether
   * one was left.
   */
  boolean tryAcquireAnonymous(String address);

  /** Returns whether the allowance of an address has a call left, without acquiring it. */
  boolean hasAnonymousAllowance(String address);

  /** Returns the allowance of an address in calls per minute. */
  int anonymousCallsPerMinute();

  /** Returns the rejection of a call for which the allowance of its address has none left. */
  default RejectionException anonymousLimitReached() {
    return new RejectionException(
        new LimitReached(
            "anonymous_requests_per_minute", anonymousCallsPerMinute(), Duration.ofSeconds(1)));
  }
}
