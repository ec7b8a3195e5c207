package io.agentledger.api.cost;

import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Money;
import java.util.List;

/**
 * Usage and costs of one group.
 *
 * @param key the day, or the id, or the model's name
 * @param turns model exchanges
 * @param costKnown whether every turn's price is known; if not, the cost is a guess in part
 * @param models the same for each model
 */
public record CostView(
    String key, Usage usage, Money costUsd, long turns, boolean costKnown, List<ModelCost> models) {

  /** Of one model. */
  public record ModelCost(
      String model, Usage usage, Money costUsd, long turns, boolean costKnown) {}
}
