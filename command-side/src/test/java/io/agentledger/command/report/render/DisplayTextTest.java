package io.agentledger.command.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DisplayTextTest {
  private static final String ACCENT = "\u0301";

  @Test
  void accentsBeyondTheEighthOfACharacterAreReplaced() {
    assertThat(DisplayText.printable("e" + ACCENT + " e" + ACCENT.repeat(8)))
        .isEqualTo("e" + ACCENT + " e" + ACCENT.repeat(8));
    assertThat(DisplayText.printable("e" + ACCENT.repeat(3_000) + "x"))
        .isEqualTo("e" + ACCENT.repeat(8) + "\uFFFDx");
  }
}
