package io.agentledger.api.session;

import io.agentledger.api.shared.Money;
import java.util.Locale;

/**
 * Budget that does not suffice for the next request of a run to its model.
 *
 * @param limitUsd the budget
 * @param neededUsd the budget that the request needs: what is spent and reserved, and its estimate
 */
public record BudgetShortfall(Owner budgetOwner, Money limitUsd, Money neededUsd) {
  /** Owner of a budget. */
  public enum Owner {
    SESSION,
    USER,
    TENANT
  }

  /** Returns a sentence for users. */
  public String message() {
    return "The budget of the "
        + budgetOwner.name().toLowerCase(Locale.ROOT)
        + ", "
        + limitUsd
        + " US dollars, does not suffice for the next request to the model: it needs a budget of "
        + neededUsd
        + ".";
  }
}
