package io.agentledger.api.template;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariableTypeTest {
  @ParameterizedTest
  @CsvSource({
    "2026-02-28, true",
    "0001-01-01, true",
    "2026-02-30, false",
    "+12026-02-28, false",
    "-0001-02-28, false",
    "2026-2-28, false"
  })
  void dateHasFourDigitsForItsYear(String value, boolean accepted) {
    assertThat(VariableType.DATE.accepts(value)).isEqualTo(accepted);
  }
}
