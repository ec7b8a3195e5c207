package io.agentledger.gateway.session.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchParamsTest {
  private static SearchParams search(String text) {
    return new SearchParams(text, null, null, null, null, null, null, null, null);
  }

  private static String words(int count, String separator) {
    return IntStream.range(0, count)
        .mapToObj(number -> "w" + number)
        .collect(Collectors.joining(separator));
  }

  @Test
  void twentyDifferentWordsAreSearchedFor() {
    assertThat(search(words(20, "/")).toFilter().text()).isEqualTo(words(20, "/"));
    assertThat(search("\"" + "again ".repeat(9) + "\"").toFilter()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", ".", "-", "_", ","})
  void moreWordsWithinANameAreRejected(String separator) {
    assertRejected(words(21, separator));
  }

  @Test
  void moreCharactersWithoutSpacesAreRejected() {
    assertRejected("一二三四五六七八九十天地人山水火木金土日月");
  }

  private static void assertRejected(String text) {
    assertThatThrownBy(() -> search(text).toFilter())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            invalid -> assertThat(invalid.errors().getFirst().detail()).endsWith("leave some out"));
  }
}
