package io.agentledger.gateway.support.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real names are accepted, and deceptive ones rejected. */
class SafeTextCheckerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\u00A0\u3000",
        " \u200B ",
        "\u200E\u202E\u2066\u2069",
        "\u2800",
        "\uFE0F",
        "\n\t"
      })
  void textWithoutVisibleCharacterIsFound(String text) {
    assertThat(SafeTextChecker.hasVisibleCharacter(text)).isFalse();
    assertThat(SafeTextChecker.hasVisibleCharacter(text + "a")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "👍🏽", "می\u200Cخواهم", "a\u202Eb", "\n> quoted"})
  void visibleTextIsFound(String text) {
    assertThat(SafeTextChecker.hasVisibleCharacter(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Nightly report",
        "O'Brien & Søn <x@y.example> #1 (50%)",
        "Größe, naïve, Ἀθῆναι, Россия, 日本語, 한국어, עברית, العربية",
        "می\u200Cخواهم",
        "क्\u200Dष",
        "👩\u200D💻 and ❤\uFE0F\u200D🔥 and 👍🏽 and 🇩🇪",
        "e\u0301 and Z\u0351\u036b",
        "  spaces stay  ",
        "10\u00A0000",
      })
  void acceptsNames(String name) {
    assertThat(SafeTextChecker.isSafe(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "   ",
        "\u00A0",
        "\u00A0 \u2007\u202F",
        "\u1680\u2003\u205F",
        "\u3000",
        "two\nlines",
        "a\tb",
        "a\u0000b",
        "a\u001b[31mred",
        "a\u007f",
        "a\u0085b",
        "invoice\u202Egpj.exe",
        "a\u2066b\u2069",
        "a\u200Fb",
        "a\u061Cb",
        "pay\u200Bpal",
        "pay\u200Dpal",
        "pay\u200Cpal",
        "\u200Dx",
        "👩\u200D",
        "я\u200Dя",
        "a\uFEFFb",
        "a\u00ADb",
        "a\u2060b",
        "a\u2028b",
        "a\u2029b",
        "\uD800",
        "a\uDC00b",
        "\uE000",
        "\uFFFE",
        "\uFDD0",
        "\u3164",
        "\u2800",
        "\u115F",
        "a\u034Fb",
        "a\uDB40\uDC41",
        "a\uDB40\uDD00",
        "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d",
      })
  void rejectsDeceptiveNames(String name) {
    assertThat(SafeTextChecker.isSafe(name)).isFalse();
  }

  @Property
  void rejectsInvisibleNames(@ForAll @IntRange(max = Character.MAX_CODE_POINT) int point) {
    int type = Character.getType(point);
    assumeThat(type)
        .isIn(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.SURROGATE,
            (int) Character.PRIVATE_USE);
    assertThat(SafeTextChecker.isSafe("a" + Character.toString(point) + "b")).isFalse();
  }

  @Property
  void acceptsLettersAndDigitsOfEveryScript(
      @ForAll @IntRange(min = 0x21, max = 0x2FFFF) int point) {
    boolean blank = point == 0x3164 || point == 0xFFA0 || point == 0x115F || point == 0x1160;
    assumeThat(Character.isLetterOrDigit(point) && !blank).isTrue();
    assertThat(SafeTextChecker.isSafe(Character.toString(point))).isTrue();
  }
}
