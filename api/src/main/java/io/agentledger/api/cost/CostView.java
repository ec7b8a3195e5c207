package io.agentledger.api.cost;

import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Money;
import java.util.List;

/**
 * Usage and costs of one group.
 *
 * @param key day, id or name of the model
 * @param turns model exchanges
 * @param costKnown whether the price of every turn is known; otherwise the cost is partly an
 *     estimate
 * @param models the same values for each model
 */
public record CostView(
    String key, Usage usage, Money costUsd, long turns, boolean costKnown, List<ModelCost> models) {

  /** Usage and costs of one model. */
  public record ModelCost(
      String model, Usage usage, Money costUsd, long turns, boolean costKnown) {}
}
