package io.agentledger.api.quota;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;

/** What may be spent in a calendar month, UTC. */
public sealed interface MonthlyBudget extends Discriminated {
  MonthlyBudget UNLIMITED = new Unlimited();

  /** Any amount. */
  @StableName("unlimited")
  record Unlimited() implements MonthlyBudget {}

  /** At most this much. */
  @StableName("limited")
  record Limited(Money limitUsd, OnExceeded onExceeded) implements MonthlyBudget {}

  /** The lesser of the two; one that does not stop anything is more than any that does. */
  default MonthlyBudget atMost(MonthlyBudget ceiling) {
    if (!(ceiling instanceof Limited most)) return this;
    boolean stopsBefore =
        this instanceof Limited limited
            && limited.onExceeded() == OnExceeded.STOP
            && limited.limitUsd().compareTo(most.limitUsd()) <= 0;
    return stopsBefore ? this : most;
  }

  /** What happens when it is used up. */
  enum OnExceeded {
    /** Nothing more is asked of a model; runs in progress pause. */
    STOP,
    /** It goes on, and the record says so. */
    IGNORE
  }
}
