package io.agentledger.projection.session.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.projection.session.search.SearchAnalyzer.Term;
import io.agentledger.projection.session.search.SearchReader.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SearchAnalyzerTest {
  private static List<String> texts(String text) {
    return SearchAnalyzer.terms(text).stream().map(Term::text).toList();
  }

  @Test
  void caseAccentsAndWidthDoNotMatter() {
    assertThat(texts("Café GRÖSSE ＡＢＣ naïve")).containsExactly("cafe", "grosse", "abc", "naive");
  }

  @Test
  void formsOfTheSameTextAreEqual() {
    assertThat(texts("Re\u0301sume\u0301 Mu\u0308ller Vie\u0323\u0302t \u0438\u0306"))
        .isEqualTo(texts("R\u00e9sum\u00e9 M\u00fcller Vi\u1ec7t \u0439"))
        .startsWith("resume", "muller", "viet");
    assertThat(texts("Αθήνα ΣΟΦΟΣ ёлка")).isEqualTo(texts("αθηνα σοφος елка"));
    assertThat(texts("مُحَمَّد שָׁלוֹם")).isEqualTo(texts("محمد שלום"));
    assertThat(texts("ﬁnance")).containsExactly("finance");
  }

  @Test
  void nothingInvisibleHidesAWord() {
    assertThat(texts("\u202ehidden\u202c sec\u00adret pass\u200bword al\u2060pha"))
        .containsExactly("hidden", "secret", "password", "alpha");
    var colored = "\u001b[1;31mFAILURE\u001b[0m done";
    assertThat(SearchAnalyzer.terms(colored))
        .extracting(word -> colored.substring(word.start(), word.end()))
        .satisfies(words -> assertThat(words.getFirst()).contains("FAILURE"));
    assertThat(texts(colored)).containsExactly("failure", "done");
  }

  @Test
  void partsOfPathsAndNamesAreWords() {
    assertThat(texts("src/main/Foo.java:12 max_retry_count getName()"))
        .containsExactly("src", "main", "foo", "java", "12", "max", "retry", "count", "getname");
  }

  @Test
  void offsetsReferToTheOriginalText() {
    var text = "see Foo.java, ok";
    assertThat(SearchAnalyzer.terms(text))
        .extracting(word -> text.substring(word.start(), word.end()))
        .containsExactly("see", "Foo", "java", "ok");
  }

  @Test
  void chineseAndJapaneseAreFoundByCharacterAndPair() {
    assertThat(texts("全文検索")).contains("全", "全文", "文検", "検索");
    assertThat(texts("検")).containsExactly("検");
  }

  @Test
  void punctuationIsNoWord() {
    assertThat(texts("--- !?. \u0000 \u202e")).isEmpty();
  }

  @Test
  void textsOfJsonAreSearchableAndBinaryDataIsNot() {
    var output =
        "{\"content\":[{\"type\":\"text\",\"text\":\"found it\"},{\"type\":\"image\",\"source\":"
            + "{\"type\":\"base64\",\"data\":\"QUJD\"}}],\"line\":42,\"ok\":true}";
    assertThat(SearchableText.of(Kind.TOOL_OUTPUT, output)).isEqualTo("found it\n42");
    assertThat(SearchableText.of(Kind.TOOL_OUTPUT, "not json {")).isEqualTo("not json {");
    assertThat(SearchableText.of(Kind.PROMPT, "{\"a\":1}")).isEqualTo("{\"a\":1}");
    assertThat(
            SearchableText.of(
                Kind.ASSISTANT,
                "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"c2ln\"}"))
        .isEqualTo("hm");
  }

  @Test
  void searchableTextIsBounded() {
    var text = SearchableText.of(Kind.PROMPT, "\ud83d\ude00".repeat(SearchableText.CHARS_MAX));
    assertThat(text.length()).isEqualTo(SearchableText.CHARS_MAX);
    assertThat(
            SearchableText.of(Kind.PROMPT, "x" + "\ud83d\ude00".repeat(SearchableText.CHARS_MAX)))
        .hasSize(SearchableText.CHARS_MAX - 1);
  }
}
