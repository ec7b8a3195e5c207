package io.agentledger.api.quota;

import io.agentledger.api.identity.Caller;
import java.util.concurrent.CompletionStage;

/**
 * Counts calls before anything is done for them: a person's on all nodes together, a stranger's on
 * this one. Never blocks who asks.
 */
public interface RateLimiter {
  /** Takes calls from the caller's allowance, all of them or none. */
  CompletionStage<RateLimitDecision> acquire(Caller caller, int calls);

  /** Takes a call that nobody vouches for from its source's; whether it had one left. */
  boolean tryAcquireAnonymous(String address);
}
