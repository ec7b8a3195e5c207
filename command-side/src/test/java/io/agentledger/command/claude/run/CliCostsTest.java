package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.shared.Money;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CliCostsTest {
  private static Optional<BigDecimal> total(String usd) {
    return Optional.of(new BigDecimal(usd));
  }

  @Test
  void costOfARunIsTheIncreaseOfTheTotal() {
    var costs = new CliCosts(true);
    assertThat(costs.report(total("0.001"))).contains(Money.ofUsd("0.001"));
    assertThat(costs.report(total("0.0035"))).contains(Money.ofUsd("0.0025"));
    assertThat(costs.report(total("0.0035"))).contains(Money.ZERO);
  }

  @Test
  void firstCostOfAProcessThatWasTakenOverIsNotKnown() {
    var costs = new CliCosts(false);
    assertThat(costs.report(total("0.5"))).isEmpty();
    assertThat(costs.report(total("0.75"))).contains(Money.ofUsd("0.25"));
  }

  @Test
  void runsBesideAMissingOrImplausibleTotalHaveNoCost() {
    var costs = new CliCosts(true);
    assertThat(costs.report(Optional.empty())).isEmpty();
    assertThat(costs.report(total("1"))).isEmpty();
    assertThat(costs.report(total("-1"))).isEmpty();
    assertThat(costs.report(total("1e300"))).isEmpty();
    assertThat(costs.report(total("2"))).isEmpty();
    assertThat(costs.report(total("1"))).isEmpty(); // It has decreased.
    assertThat(costs.report(total("1.0000000004"))).contains(Money.ZERO); // Nano-dollars.
  }
}
