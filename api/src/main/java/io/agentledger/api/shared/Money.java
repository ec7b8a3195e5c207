package io.agentledger.api.shared;

import java.math.BigDecimal;

/** An amount in nano-dollars; on the wire a decimal string of dollars. */
public record Money(long nanos) implements Comparable<Money> {
  public static final Money ZERO = new Money(0);
  private static final int SCALE = 9;

  /**
   * Parses an amount exactly.
   *
   * @throws IllegalArgumentException for more than nine decimals, or more than some nine billions
   */
  public static Money ofUsd(String usd) {
    try {
      return new Money(new BigDecimal(usd).movePointRight(SCALE).longValueExact());
    } catch (ArithmeticException outOfRange) {
      throw new IllegalArgumentException(
          "must have at most nine decimals and be at most 9000000000", outOfRange);
    }
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(nanos, other.nanos));
  }

  public Money minus(Money other) {
    return new Money(Math.subtractExact(nanos, other.nanos));
  }

  /** Returns the amount as {@code 0.0123}: no exponent, no trailing zeros. */
  public String usd() {
    return nanos == 0 ? "0" : BigDecimal.valueOf(nanos, SCALE).stripTrailingZeros().toPlainString();
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(nanos, other.nanos);
  }

  @Override
  public String toString() {
    return usd();
  }
}
