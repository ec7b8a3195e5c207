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

  /** No limit. */
  @StableName("unlimited")
  record Unlimited() implements MonthlyBudget {}

  /** A limit in US dollars. */
  @StableName("limited")
  record Limited(Money limitUsd, OnExceeded onExceeded) implements MonthlyBudget {}

  /**
   * Returns the lower one of the two; a budget that does not stop runs is higher than any that
   * does.
   */
  default MonthlyBudget atMost(MonthlyBudget ceiling) {
    if (!(ceiling instanceof Limited most)) return this;
    boolean stopsBefore =
        this instanceof Limited limited
            && limited.onExceeded() == OnExceeded.STOP
            && limited.limitUsd().compareTo(most.limitUsd()) <= 0;
    return stopsBefore ? this : most;
  }

  /**
   * Returns the fields that exceed a ceiling.
   *
   * @param pointer JSON pointer to the object with the budget's fields
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
    /** Model requests are rejected; runs in progress pause. */
    STOP,
    /** Model requests continue; the excess is recorded. */
    IGNORE
  }
}
