package io.agentledger.command.claude.run;

import io.agentledger.api.shared.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * Costs of the runs of one process as the CLI reports them: a total since the start of the process
 * at the end of each run. Only for comparison, since the CLI may be wrong. Not thread-safe.
 */
final class CliCosts {
  /** A higher total is not plausible. */
  private static final BigDecimal TOTAL_MAX = BigDecimal.valueOf(1_000_000);

  private static final int SCALE = 9;

  private Optional<Money> total;

  /**
   * @param isNew whether the process has reported nothing yet; the total of another one is not
   *     known before its next report
   */
  CliCosts(boolean isNew) {
    total = isNew ? Optional.of(Money.ZERO) : Optional.empty();
  }

  /** Returns the cost since the report before this one; empty if either is not known. */
  Optional<Money> report(Optional<BigDecimal> totalUsd) {
    var earlier = total;
    total = totalUsd.filter(CliCosts::isPlausible).map(CliCosts::toMoney);
    return total
        .flatMap(now -> earlier.map(now::minus))
        .filter(cost -> cost.compareTo(Money.ZERO) >= 0);
  }

  private static boolean isPlausible(BigDecimal usd) {
    return usd.signum() >= 0 && usd.compareTo(TOTAL_MAX) <= 0;
  }

  private static Money toMoney(BigDecimal usd) {
    return Money.ofUsd(usd.setScale(SCALE, RoundingMode.HALF_UP).toPlainString());
  }
}
