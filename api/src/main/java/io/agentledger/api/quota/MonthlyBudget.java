package io.agentledger.api.quota;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.AboveCeiling.Excess;
import io.agentledger.api.shared.StableName;
import java.util.ArrayList;
import java.util.List;

/** Budget for a calendar month in UTC. */
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

  /**
   * Names what is more than a ceiling permits.
   *
   * @param pointer to the object in which the budget's fields are
   */
  default List<Excess> above(MonthlyBudget ceiling, String pointer) {
    if (!(ceiling instanceof Limited most)) return List.of();
    var field = pointer + "/budget_usd";
    if (!(this instanceof Limited limited))
      return List.of(new Excess(field, "unlimited", most.limitUsd().toString()));
    var excesses = new ArrayList<Excess>();
    if (limited.limitUsd().compareTo(most.limitUsd()) > 0)
      excesses.add(new Excess(field, limited.limitUsd().toString(), most.limitUsd().toString()));
    if (limited.onExceeded() != OnExceeded.STOP)
      excesses.add(new Excess(pointer + "/on_exceeded", "ignore", "stop"));
    return excesses;
  }

  /** Behaviour when the budget is used up. */
  enum OnExceeded {
    /** Nothing more is asked of a model; runs in progress pause. */
    STOP,
    /** It goes on, and the record says so. */
    IGNORE
  }
}
