package io.agentledger.api.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegexLimitsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "^git ; 4",
        "a{10}; 50",
        "(?:a{10}){2,20}; 3000",
        "[xy]{0,990}z; 11880",
        "\\pL{10}; 1070",
      })
  void sizeIsTheLengthMultipliedByAllRepetitions(String expression, long size) {
    assertThat(RegexLimits.sizeOf(expression)).isEqualTo(size);
  }

  @Test
  void sizeAboveTheLimitIsRefused() {
    assertThat(RegexLimits.findViolation("a{1000}", 7000)).isEmpty();
    assertThat(RegexLimits.findViolation("a{1000}", 6999))
        .hasValueSatisfying(rule -> assertThat(rule).contains("at most 6999 characters"));
    assertThat(RegexLimits.findViolation("(?:a{100}){100}"))
        .hasValueSatisfying(rule -> assertThat(rule).contains("a repetition above 1000"));
  }

  @Test
  void programAboveTheLimitIsRefused() {
    assertThat(RegexLimits.findViolation(2500)).isEmpty();
    assertThat(RegexLimits.findViolation(2501))
        .hasValue("has 2501 instructions with its repetitions; at most 2500 are allowed");
  }
}
