package io.agentledger.api.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayNameTest {
  @ParameterizedTest
  @CsvSource({
    "' Ada  Lovelace ', Ada Lovelace",
    "'Ada\u00a0Lovelace', Ada Lovelace",
    "\uff21da, Ada",
    "Jose\u0301, Jos\u00e9",
    "\u5f20\u4f1f, \u5f20\u4f1f",
    "\u0639\u0644\u064a, \u0639\u0644\u064a",
    "Zo\u00eb O'Brien-\u0141uk, Zo\u00eb O'Brien-\u0141uk",
  })
  void acceptsOneLineOfVisibleCharacters(String typed, String kept) {
    assertThat(new DisplayName(typed).value()).isEqualTo(kept);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "Ada\nLovelace",
        "Ada\tLovelace",
        "Ada\u0000",
        "\u202eadA", // right to left
        "Ada\u200bLovelace", // no width
        "Ada\u2066x\u2069", // isolates
        "\ufeffAda", // byte order mark
        "Ada\u3164", // a letter that is blank
        "Ada\u2028Lovelace",
        "Ada\ud800", // half a pair
        "Ada\ue000", // private use
        "\u2800\u2800",
        "Ada\ufe0f",
      })
  void rejectsInvisibleAndReorderingCharacters(String text) {
    assertThatThrownBy(() -> new DisplayName(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void countsLengthInCodePoints() {
    assertThat(new DisplayName("\ud83d\ude00".repeat(100)).value()).hasSize(200);
    assertThatThrownBy(() -> new DisplayName("a".repeat(101)))
        .isInstanceOf(IllegalArgumentException.class);
    // One character that becomes eighteen.
    assertThatThrownBy(() -> new DisplayName("\ufdfa".repeat(50)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
