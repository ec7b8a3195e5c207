package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalSanitizerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b[2J\u001b[1;1H", // clears the screen
        "\u001b]0;title\u0007", // sets the title
        "\u001b]52;c;cm0gLXJmIC8=\u0007", // fills the clipboard
        "\u009b31m", // a colour, in one character
        "a\rb", // writes over the line
        "a\b\b\bb",
        "\u202Egnp.exe", // reads backwards
        "\u2066x\u2069",
        "\u007f",
        "\u0000"
      })
  void removesTerminalControlSequences(String hostile) {
    assertThat(TerminalSanitizer.sanitize(hostile).chars())
        .noneMatch(TerminalSanitizerTest::isObeyed);
  }

  @Test
  void keepsOrdinaryText() {
    var text = "Grüße, 世界 👩‍🚀\n\tx = \"y\";";
    assertThat(TerminalSanitizer.sanitize(text)).isEqualTo(text);
  }

  @Test
  void singleLineIsShortened() {
    assertThat(TerminalSanitizer.sanitizeLine("  a\n\tb\u001b[31m  ", 80)).isEqualTo("a b[31m");
    assertThat(TerminalSanitizer.sanitizeLine("👍👍👍👍", 3)).isEqualTo("👍👍…");
  }

  private static boolean isObeyed(int c) {
    return c != '\n' && c != '\t' && Character.isISOControl(c) || c >= 0x202A && c <= 0x2069;
  }
}
