package io.agentledger.command.flow.provider;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeMarkdownTest {
  private static final String BREAK = "\u200b";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@octocat",
        "see @acme/team",
        "\\@octocat",
        "**@octocat**",
        "_@octocat",
        "é@octocat",
        "&#64;octocat",
        "&#x40;octocat",
        "&commat;octocat",
        "fixes #12",
        "Closes: acme/widgets#12",
        "resolved GH-12",
        "fix https://github.com/acme/widgets/issues/12",
        "closes [it](https://github.com/acme/widgets/pull/3)",
        "![secret](https://evil.example/?q=secret)",
        "![secret][1]",
        "<img src=https://evil.example>",
        "</details><picture>",
        "<!-- agentledger:flw_other -->",
        "/merge",
        "> /lgtm",
        "text\n/deploy production",
        "1. /close",
        "- [ ] /merge",
        "- [x] /merge",
        "_closes https://github.com/acme/widgets/issues/12_",
        "Closes\u00a0https://github.com/acme/widgets/issues/12",
        "fixes: <https://github.com/acme/widgets/issues/12>",
        "_GH-1_",
        "fixes                               https://github.com/acme/widgets/issues/12",
        "closes [this one, of all](https://github.com/acme/widgets/pull/3)",
        "1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890 1234567890"
            + " 1234567890 1234567890 /close"
      })
  void breaksWhatHasAnEffect(String text) {
    var safe = SafeMarkdown.of(text);
    assertThat(safe).contains(BREAK);
    assertThat(safe.replace(BREAK, "")).as("what is shown").isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mail to ada@example.com",
        "# Heading",
        "a < b && c > d",
        "an [important] link (see ![)",
        "https://github.com/acme/widgets/issues/12",
        "it fixes the build",
        "prefixes of https://github.com/acme/widgets/issues/12",
        "see https://github.com/acme/widgets/issues/12, which fixes the build",
        "a/b and ./gradlew"
      })
  void keepsOrdinaryText(String text) {
    assertThat(SafeMarkdown.of(text).replace("!" + BREAK, "!")).isEqualTo(text);
  }

  @Test
  void breaksReferencesBeforeACommand() {
    assertThat(SafeMarkdown.of("- #1 /close")).isEqualTo("- #" + BREAK + "1 /" + BREAK + "close");
  }

  @Test
  void removesControlAndDirectionCharacters() {
    assertThat(SafeMarkdown.of("a\u202eb\u0000c\r\nd\te")).isEqualTo("abc\nd\te");
  }

  @Test
  void cutTextSaysSoAndIsShortEnough() {
    var cut = SafeMarkdown.limited("x".repeat(98) + "\ud83d\ude00".repeat(50), 150);
    assertThat(cut).startsWith("*This text is cut").hasSizeLessThanOrEqualTo(150);
    assertThat(Character.isHighSurrogate(cut.charAt(cut.length() - 1))).isFalse();
    assertThat(SafeMarkdown.limited("x".repeat(150), 150)).isEqualTo("x".repeat(150));
  }

  @Test
  void titleIsOneLine() {
    assertThat(SafeMarkdown.line("a\n  b\u0000 @c", 100)).isEqualTo("a b @" + BREAK + "c");
  }

  @Property(tries = 500)
  void isIdempotentAndNeverMentions(@ForAll String text) {
    var safe = SafeMarkdown.of(text);
    assertThat(SafeMarkdown.of(safe)).isEqualTo(safe);
    assertThat(safe).doesNotContainPattern("(?<![A-Za-z0-9])@[A-Za-z0-9]");
    assertThat(safe).doesNotContainPattern("<[A-Za-z/!?]").doesNotContain("![");
  }
}
