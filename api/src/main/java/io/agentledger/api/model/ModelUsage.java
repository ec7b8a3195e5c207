package io.agentledger.api.model;

import io.agentledger.api.shared.Money;
import java.util.ArrayList;
import java.util.List;

/**
 * Usage of one model in a run.
 *
 * @param model name that the model API reported
 * @param turns number of exchanges with the model
 */
public record ModelUsage(String model, Usage usage, Money costUsd, int turns) {
  /** Maximum number of models that are counted separately. */
  private static final int MODELS_MAX = 16;

  private static final String OTHER = "other";

  /** Adds one exchange; models beyond the maximum are counted together as {@code other}. */
  public static List<ModelUsage> plusTurn(
      List<ModelUsage> models, String model, Usage usage, Money cost) {
    var sums = new ArrayList<>(models);
    boolean isKnown = models.stream().anyMatch(sum -> sum.model.equals(model));
    var name = isKnown || models.size() < MODELS_MAX ? model : OTHER;
    for (int i = 0; i < sums.size(); i++)
      if (sums.get(i).model.equals(name)) {
        sums.set(i, sums.get(i).plusTurn(usage, cost));
        return List.copyOf(sums);
      }
    sums.add(new ModelUsage(name, usage, cost, 1));
    return List.copyOf(sums);
  }

  private ModelUsage plusTurn(Usage other, Money cost) {
    return new ModelUsage(model, usage.plus(other), costUsd.plus(cost), turns + 1);
  }
}
