package io.agentledger.command.channel.platform.markup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MarkupTest {
  private static final Markup TELEGRAM = new TelegramHtml();
  private static final Markup SLACK = new SlackMrkdwn();
  private static final Markup WHATSAPP = new WhatsAppMarkup();
  private static final Markup MARKDOWN = new MarkdownMarkup();

  private static String whole(Markup markup, String markdown) {
    return String.join("‖", markup.divide(markdown, 4_000));
  }

  @Test
  void translatesEmphasisAndCode() {
    var markdown = "**bold** *it* ~~no~~ `a<b`";
    assertThat(whole(TELEGRAM, markdown))
        .isEqualTo("<b>bold</b> <i>it</i> <s>no</s> <code>a&lt;b</code>");
    assertThat(whole(SLACK, markdown)).isEqualTo("*bold* _it_ ~no~ `a&lt;b`");
    assertThat(whole(WHATSAPP, markdown)).isEqualTo("*bold* _it_ ~no~ `a<b`");
    assertThat(whole(MARKDOWN, markdown)).isEqualTo("**bold** *it* ~~no~~ `a<b`");
  }

  @Test
  void translatesBlocks() {
    var markdown =
        """
        # Order

        Two lines
        here.

        - one
        - two
          1. deep

        > quoted
        > text

        ```java
        if (a < b) {
          c();
        }
        ```

        | a | b |
        | - | - |
        | 1 | 2 |
        """;
    assertThat(whole(TELEGRAM, markdown))
        .isEqualTo(
            """
            <b>Order</b>

            Two lines
            here.

            • one
            • two
              1. deep

            <blockquote>quoted
            text</blockquote>

            <pre>if (a &lt; b) {
              c();
            }</pre>

            <b>a</b> | <b>b</b>
            1 | 2\
            """);
    assertThat(whole(SLACK, markdown)).contains("> quoted\n> text\n\n```\nif (a &lt; b) {");
    assertThat(whole(WHATSAPP, markdown)).contains("```if (a < b) {\n  c();\n}```");
  }

  @Test
  void linksLeadToTheWebOnly() {
    assertThat(whole(TELEGRAM, "[a&b](https://x.example/?a=\"1&b=2)"))
        .isEqualTo("<a href=\"https://x.example/?a=&quot;1&amp;b=2\">a&amp;b</a>");
    assertThat(whole(TELEGRAM, "[a](javascript:alert)")).isEqualTo("a (javascript:alert)");
    assertThat(whole(TELEGRAM, "![cat](https://x.example/c.png)"))
        .isEqualTo("<a href=\"https://x.example/c.png\">cat</a>");
    assertThat(whole(TELEGRAM, "[a](tg://user?id=1)")).doesNotContain("href");
    assertThat(whole(WHATSAPP, "<https://x.example>")).isEqualTo("https://x.example");
    assertThat(whole(SLACK, "[a](https://x.example/>|<!channel>)")).doesNotContain("<!");
  }

  @Test
  void htmlBecomesText() {
    assertThat(whole(TELEGRAM, "a <b>c</b>\n\n<script>x</script>"))
        .isEqualTo("a &lt;b&gt;c&lt;/b&gt;\n\n&lt;script&gt;x&lt;/script&gt;");
    assertThat(whole(SLACK, "<!everyone> <@U1>")).isEqualTo("&lt;!everyone&gt; &lt;@U1&gt;");
  }

  @Test
  void nothingHasNoParts() {
    assertThat(TELEGRAM.divide("", 100)).isEmpty();
    assertThat(TELEGRAM.divide(" \n\n ", 100)).isEmpty();
    assertThat(TELEGRAM.divide("<!-- -->", 100)).containsExactly("&lt;!-- --&gt;");
  }

  @Test
  void dividesAtEndsOfSentences() {
    var markdown = "The first sentence is here. The second one follows it. A third is last.";
    assertThat(WHATSAPP.divide(markdown, 60))
        .containsExactly(
            "The first sentence is here. The second one follows it.", "A third is last.");
    assertThat(WHATSAPP.divide("これは文です。次の文はここです。最後の文です。", 17))
        .containsExactly("これは文です。次の文はここです。", "最後の文です。");
  }

  @Test
  void dividesAtEndsOfParagraphsFirst() {
    assertThat(WHATSAPP.divide("First one. It is long enough.\n\nSecond. Third here.", 40))
        .containsExactly("First one. It is long enough.", "Second. Third here.");
  }

  @Test
  void continuesEmphasisAndQuotesInTheNextPart() {
    assertThat(TELEGRAM.divide("**One sentence. Another one.**", 25))
        .containsExactly("<b>One sentence.</b>", "<b>Another one.</b>");
    assertThat(SLACK.divide("> One sentence. Another one.", 20))
        .containsExactly("> One sentence.", "> Another one.");
  }

  @Test
  void dividesCodeAtEndsOfLines() {
    var lines = String.join("\n", List.of("a = 1; b = 2;", "  c = 3;", "d = 4; e. F", "g"));
    assertThat(SLACK.divide("```\n" + lines + "\n```", 34))
        .containsExactly("```\na = 1; b = 2;\n  c = 3;\n```", "```\nd = 4; e. F\ng\n```");
  }

  @Test
  void keepsLinksWhole() {
    var link = "[one two. three four](https://x.example/a/long/path)";
    var parts = WHATSAPP.divide("Some words before it " + link + " and after it.", 60);
    assertThat(parts)
        .containsExactly(
            "Some words before it",
            "one two. three four (https://x.example/a/long/path) and",
            "after it.");
    assertThat(TELEGRAM.divide("Words " + link + " words", 90))
        .anyMatch(
            part ->
                part.contains("<a href=\"https://x.example/a/long/path\">one two. three four</a>"));
  }

  @Test
  void neverDividesWhatPeopleSeeAsOneCharacter() {
    var family = "👨‍👩‍👧‍👦";
    for (var character : List.of(family, "é", "🇩🇪", "👋🏽", "नि")) {
      var parts = WHATSAPP.divide(character.repeat(40), 25);
      assertThat(String.join("", parts)).isEqualTo(character.repeat(40));
      for (var part : parts) assertThat(part.length() % character.length()).isZero();
    }
  }

  @Test
  void dividesACharacterWithThousandsOfMarks() {
    var marks = "a" + "\u0301".repeat(500);
    var parts = WHATSAPP.divide(marks + " " + "😀" + "\u0301".repeat(300), 100);
    assertThat(parts).allMatch(part -> part.length() <= 100);
    assertThat(String.join("", parts).length()).isEqualTo(501 + 302);
  }

  @Property(tries = 300)
  void partsAreShortAndWhole(@ForAll("markdown") String text) {
    for (var markup : List.of(TELEGRAM, SLACK, WHATSAPP, MARKDOWN))
      for (var part : markup.divide(text, 200)) {
        assertThat(part).hasSizeLessThanOrEqualTo(200).isNotBlank();
        assertThat(hasLoneSurrogate(part)).isFalse();
      }
    for (var part : TELEGRAM.divide(text, 200)) assertThat(isBalanced(part)).as(part).isTrue();
  }

  /** Returns texts of pieces that have a meaning in Markdown, and of whole characters. */
  @Provide
  Arbitrary<String> markdown() {
    return Arbitraries.of(
            "*",
            "**",
            "_",
            "~~",
            "`",
            "```\n",
            "[a b](https://x.example/a)",
            "[",
            "](",
            ")",
            "<",
            ">",
            "\n> ",
            "\n- ",
            "\n1. ",
            "\n# ",
            "\n\n",
            "\n",
            " ",
            "|",
            "&",
            "\\",
            "word",
            "A sentence. ",
            "Wörter ",
            "👋🏽",
            "👨‍👩‍👧‍👦",
            "e\u0301",
            "\u0301",
            "文。",
            "\u0000")
        .list()
        .ofMaxSize(300)
        .map(pieces -> String.join("", pieces));
  }

  /** Returns whether every tag is closed, in the reverse order. */
  private static boolean isBalanced(String html) {
    var open = new ArrayDeque<String>();
    var tags = Pattern.compile("<(/?)([a-z]+)[^>]*>").matcher(html);
    while (tags.find()) {
      if (tags.group(1).isEmpty()) open.push(tags.group(2));
      else if (open.isEmpty() || !open.pop().equals(tags.group(2))) return false;
    }
    return open.isEmpty();
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints().anyMatch(point -> point >= 0xd800 && point <= 0xdfff);
  }

  @Test
  void dividesLongTextsQuickly() {
    var paragraph = "Some **bold** text with `code`, a [link](https://x.example/a) and more. ";
    var markdown =
        String.join("\n\n", IntStream.range(0, 300).mapToObj(i -> paragraph.repeat(5)).toList());
    long start = System.nanoTime();
    var parts = TELEGRAM.divide(markdown, 4_096);
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
    assertThat(parts).allMatch(part -> part.length() <= 4_096).hasSizeGreaterThan(20);
    assertThat(parts)
        .allMatch(part -> part.split("<b>", -1).length == part.split("</b>", -1).length);
  }
}
