package io.agentledger.api.session;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;

/** Budget of a session for its lifetime. */
public sealed interface Budget extends Discriminated {
  /** No budget of its own; the limits of the tenant apply. */
  @StableName("unlimited")
  record Unlimited() implements Budget {}

  /** A limit in US dollars. */
  @StableName("limited")
  record Limited(Money limitUsd) implements Budget {}

  /**
   * Returns whether 80 percent of a limit are spent, so that people are warned. It is computed
   * without a product that could overflow.
   */
  static boolean isThresholdReached(Money spent, Money limit) {
    return spent.nanos() >= limit.nanos() - limit.nanos() / 5;
  }
}
