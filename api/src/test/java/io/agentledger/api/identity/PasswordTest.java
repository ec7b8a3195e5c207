package io.agentledger.api.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {
  @ParameterizedTest
  @ValueSource(ints = {12, 64, 128})
  void onlyMinimumLengthIsRequired(int length) {
    assertThat(new Password("x".repeat(length)).value()).hasSize(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 11, 129, 5_000_000})
  void rejectsTooShortAndTooLongPasswords(int length) {
    assertThatThrownBy(() -> new Password("x".repeat(length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must have 12 to 128 characters");
  }

  @Test
  void countsLengthInCodePoints() {
    assertThat(new Password("\ud83d\udd11".repeat(12)).value()).hasSize(24);
    assertThatThrownBy(() -> new Password("\ud83d\udd11".repeat(11)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void normalizesUnicodeOfDifferentKeyboards() {
    assertThat(new Password("cafe\u0301 au lait!").value())
        .isEqualTo(new Password("caf\u00e9 au lait!").value());
    assertThat(new Password("  leading blanks  ").value()).startsWith("  ").endsWith("  ");
  }

  @Test
  void toStringHidesTheSecret() {
    assertThat(new Password("correct horse battery").toString()).isEqualTo("***");
    assertThat(new Secret("alk_x").toString()).isEqualTo("***");
  }
}
