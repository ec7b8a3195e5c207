package io.agentledger.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.shared.Money;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Usage by model is bounded and adds up. */
class ModelUsageTest {
  private static final Usage USAGE = new Usage(1, 2, 3, 4, 5);
  private static final Money CENT = Money.ofUsd("0.01");

  private static List<ModelUsage> plusTurn(List<ModelUsage> models, String model) {
    return ModelUsage.plusTurn(models, model, USAGE, CENT);
  }

  @Test
  void turnsAreSummedByModelInOrderOfTheirFirst() {
    var models = plusTurn(plusTurn(plusTurn(List.of(), "opus"), "haiku"), "opus");
    assertThat(models)
        .containsExactly(
            new ModelUsage("opus", USAGE.plus(USAGE), Money.ofUsd("0.02"), 2),
            new ModelUsage("haiku", USAGE, CENT, 1));
  }

  @Test
  void modelsBeyondSixteenAreCountedTogether() {
    List<ModelUsage> models = List.of();
    for (int i = 0; i < 20; i++) models = plusTurn(models, "model-" + i);
    models = plusTurn(models, "model-0");
    assertThat(models).hasSize(17);
    assertThat(models.getFirst().turns()).isEqualTo(2);
    assertThat(models.getLast()).isEqualTo(new ModelUsage("other", sum(4), Money.ofUsd("0.04"), 4));
  }

  private static Usage sum(int turns) {
    return new Usage(turns, 2L * turns, 3L * turns, 4L * turns, 5L * turns);
  }
}
