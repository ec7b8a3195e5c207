package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationFilterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "see @a.txt.;a.txt",
        "@a.txt#L1-2, and (@b);a.txt",
        "see @\"my notes.md\" and @c_;my notes.md|c_",
        "a@b.c 。@d、x;d、x",
        "@\"open @e;e",
        "@... @-;''"
      })
  void mentionsAreThoseOfTheCli(String text, String names) {
    assertThat(NotificationFilter.mentions(text))
        .containsExactlyElementsOf(names.isEmpty() ? List.of() : List.of(names.split("\\|")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"。@", " @\"", "。@\"", "@a#", " @"})
  void longTextsAreReadInLinearTime(String part) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> NotificationFilter.mentions(part.repeat(200_000)));
  }

  @Test
  void mentionBehindManyThatAreNoneIsFound() {
    assertThat(NotificationFilter.mentions("。@".repeat(1000) + "f")).isNotEmpty();
  }
}
