package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests Markdown on a terminal: rendering, wrapping, and drawing while it arrives. */
class MarkdownTest {
  private static final String DOCUMENT =
      """
      # A heading

      Some **bold text** and `code` that are wrapped, and a [link](https://example.com/a).

      1. first item, which is wrapped below its own text
         - nested *emphasis*
      2. second

      > A quotation
      > of two lines

      | name | size |
      |------|------|
      | a.md | 12   |
      | b.md | 4096 |

      ```sh
      ├── not │ changed
      ```

      The <b>end</b>.""";

  private static final String RENDERED =
      """
      A heading

      Some bold text and code that are
      wrapped, and a link
      (https://example.com/a).

      1. first item, which is wrapped
         below its own text
         • nested emphasis
      2. second

      │ A quotation of two lines

      name  size
      ────  ────
      a.md  12
      b.md  4096

        ├── not │ changed

      The <b>end</b>.""";

  @Test
  void documentIsRendered() {
    assertThat(render(DOCUMENT, 34)).isEqualTo(RENDERED);
  }

  @Test
  void longWordAndWideCharactersAreSplitAtTheWidth() {
    assertThat(render("abcdefghijklmnop", 10)).isEqualTo("abcdefghij\nklmnop");
    assertThat(render("日本語の文章は折り返される", 10)).isEqualTo("日本語の文\n章は折り返\nされる");
  }

  @Test
  void entitiesCannotControlTheTerminal() {
    assertThat(render("a&#27;[2Jb [c](http://d&#x1b;e \"&#27;\") &#x202e;f", 80))
        .isEqualTo("a[2Jb c (http://de) f");
  }

  @Test
  void wordsAreStyled() {
    var line =
        MarkdownRenderer.render(
                MarkdownRenderer.parse("plain **bold**"), 40, AttributedStyle.DEFAULT)
            .getFirst();
    assertThat(line.styleAt(0)).isEqualTo(AttributedStyle.DEFAULT);
    assertThat(line.styleAt(6)).isEqualTo(AttributedStyle.BOLD);
  }

  @Test
  void plainLinesKeepTheirIndentation() {
    assertThat(LineBreaker.wrap("  └ one two three four", 16))
        .containsExactly("  └ one two", "  three four");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void screenIsTheSameHoweverTheTextArrives(long seed) {
    var bytes = new ByteArrayOutputStream();
    try (var output =
        new ConsoleOutput(new PrintStream(bytes, true, StandardCharsets.UTF_8), true, false)) {
      output.withSize(() -> 35, () -> 50);
      var stream = new MarkdownStream(output);
      var random = new Random(seed);
      for (int start = 0; start < DOCUMENT.length(); ) {
        int end = Math.min(DOCUMENT.length(), start + 1 + random.nextInt(12));
        stream.append(DOCUMENT.substring(start, end), AttributedStyle.DEFAULT);
        start = end;
      }
      stream.end();
    }
    assertThat(screen(bytes.toString(StandardCharsets.UTF_8))).isEqualTo(RENDERED);
  }

  @Test
  void linesThatWereScrolledAwayAreNotDrawnAgain() {
    var bytes = new ByteArrayOutputStream();
    try (var output =
        new ConsoleOutput(new PrintStream(bytes, true, StandardCharsets.UTF_8), true, false)) {
      output.withSize(() -> 80, () -> 3);
      output.showLive(lines("a", "b", "c", "d"));
      output.showLive(lines("A", "B", "C", "D", "E"));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("a\nb\nc\nd\r\u001b[1A\u001b[JC\nD\nE");
  }

  private static List<AttributedString> lines(String... lines) {
    return List.of(lines).stream().map(AttributedString::new).toList();
  }

  private static String render(String markdown, int width) {
    var lines =
        MarkdownRenderer.render(MarkdownRenderer.parse(markdown), width, AttributedStyle.DEFAULT);
    return stripped(lines.stream().map(AttributedString::toString).toList());
  }

  /** Returns what a terminal shows after the output, whose cursor moves are interpreted. */
  private static String screen(String written) {
    var rows = new ArrayList<>(List.of(""));
    int row = 0;
    for (var part : written.splitWithDelimiters("\r|\n|\u001b\\[\\d*[AJ]", 0)) {
      if (part.equals("\n")) {
        row++;
        if (row == rows.size()) rows.add("");
      } else if (part.endsWith("A") && part.startsWith("\u001b"))
        row -= Integer.parseInt(part.substring(2, part.length() - 1));
      else if (part.equals("\u001b[J")) {
        rows.subList(row, rows.size()).clear();
        rows.add("");
      } else if (!part.equals("\r")) rows.set(row, rows.get(row) + part);
    }
    return stripped(rows);
  }

  private static String stripped(List<String> lines) {
    return String.join("\n", lines.stream().map(String::stripTrailing).toList()).strip();
  }
}
