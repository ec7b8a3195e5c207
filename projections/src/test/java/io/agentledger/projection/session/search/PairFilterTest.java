package io.agentledger.projection.session.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PairFilterTest {
  private final SearchTokens tokens = new SearchTokens();
  private final SecretKey key = new SecretKeySpec(new byte[32], "HmacSHA256");

  private static Set<String> pairs(String text) {
    return PairFilter.pairsOf(SearchAnalyzer.terms(text));
  }

  private byte[] filter(String text, long sequence) {
    return PairFilter.of(tokens, key, sequence, pairs(text));
  }

  private boolean mayContain(byte[] filter, long sequence, String phrase) {
    return PairFilter.mayContain(filter, tokens, key, sequence, pairs(phrase));
  }

  @Test
  void pairsAreAdjacentWords() {
    assertThat(pairs("Foo.java, foo java")).containsExactly("foo java", "java foo");
    assertThat(pairs("word")).isEmpty();
  }

  @Test
  void everyPhraseOfATextPasses() {
    var text = "The café 全文検索 of src/main/Foo.java ひらがな カタカナ 한국어 naïve \u202edone";
    var filter = filter(text, 7);
    var points = text.codePoints().toArray();
    for (int from = 0; from < points.length; from++)
      for (int to = from + 1; to <= points.length; to++) {
        boolean isWhole =
            (from == 0 || points[from - 1] == ' ') && (to == points.length || points[to] == ' ');
        if (isWhole)
          assertThat(mayContain(filter, 7, new String(points, from, to - from))).isTrue();
      }
    for (String part : List.of("全文", "文検", "検索", "全文検", "文検索", "ひら", "らがな", "국어"))
      assertThat(mayContain(filter, 7, part)).as(part).isTrue();
  }

  @Test
  void fewPhrasesThatAreNotInATextPass() {
    var random = new Random(3);
    var words =
        IntStream.range(0, 400)
            .mapToObj(i -> "word" + random.nextInt(50))
            .collect(Collectors.joining(" "));
    var filter = filter(words, 1);
    long passed =
        IntStream.range(0, 10_000).filter(i -> mayContain(filter, 1, "word1 other" + i)).count();
    assertThat(passed).isBetween(1L, 500L);
  }

  @Test
  void filtersOfEqualTextsCannotBeCompared() {
    var text = "the same words in another document";
    assertThat(filter(text, 1)).isEqualTo(filter(text, 1)).isNotEqualTo(filter(text, 2));
  }

  @Test
  void textWithTooManyPairsHasNoFilterAndMayContainAll() {
    var words =
        IntStream.range(0, PairFilter.PAIRS_MAX + 5)
            .mapToObj(i -> "w" + i)
            .collect(Collectors.joining(" "));
    assertThat(filter(words, 1)).isEmpty();
    assertThat(mayContain(filter(words, 1), 1, "not there")).isTrue();
  }
}
