package io.agentledger.api.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MoneyTest {
  @Test
  void writesPlainDecimalDollars() {
    assertThat(new Money(1).usd()).isEqualTo("0.000000001");
    assertThat(new Money(12_300_000_000L).usd()).isEqualTo("12.3");
    assertThat(new Money(10_000_000_000L).usd()).isEqualTo("10");
    assertThat(Money.ZERO.usd()).isEqualTo("0");
  }

  @Test
  void parsesItsOwnOutput() {
    assertThat(Money.ofUsd(new Money(123_456_789_012L).usd()))
        .isEqualTo(new Money(123_456_789_012L));
  }

  @Test
  void rejectsFractionsOfNanoDollarsAndOverflow() {
    assertThatIllegalArgumentException().isThrownBy(() -> Money.ofUsd("0.0000000001"));
    assertThatIllegalArgumentException().isThrownBy(() -> Money.ofUsd("9999999999"));
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> new Money(Long.MAX_VALUE).plus(new Money(1)));
  }
}
