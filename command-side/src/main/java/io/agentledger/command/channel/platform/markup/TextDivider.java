package io.agentledger.command.channel.platform.markup;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Divides styled text into parts: at ends of paragraphs, else of sentences or lines, else of words,
 * else between characters as people see them. Links and code of a line stay whole if they fit into
 * a part. Each part is complete markup. Not thread-safe.
 */
final class TextDivider {
  private final Markup markup;
  private final List<StyledText> runs;
  private final int[] starts;
  private final String text;

  /** Positions by preference, the best first. */
  private final List<BitSet> breaks;

  TextDivider(Markup markup, List<StyledText> runs) {
    this.markup = markup;
    this.runs = runs;
    this.starts = new int[runs.size() + 1];
    var all = new StringBuilder();
    for (int i = 0; i < runs.size(); i++) {
      starts[i] = all.length();
      all.append(runs.get(i).text());
    }
    starts[runs.size()] = all.length();
    this.text = all.toString();
    this.breaks = breaks();
  }

  List<String> divide(int lengthMax) {
    var parts = new ArrayList<String>();
    int start = skipBlank(0);
    while (start < text.length()) {
      int end = end(start, lengthMax);
      var part = render(start, trimmed(start, end));
      if (!part.isBlank()) parts.add(part);
      start = skipBlank(end);
    }
    return List.copyOf(parts);
  }

  /** Returns the end of the part that begins at a position. */
  private int end(int start, int lengthMax) {
    int longest = longest(start, lengthMax);
    if (longest == text.length()) return longest;
    int half = start + (longest - start) / 2;
    // A paragraph or a sentence that ends in the first half makes a part too short if words do not.
    for (int kind = 0; kind < breaks.size(); kind++) {
      int end = breaks.get(kind).previousSetBit(longest);
      boolean isLongEnough = kind == 0 ? end > half : end > start;
      if (isLongEnough) return end;
    }
    boolean splits =
        longest > start + 1
            && Character.isHighSurrogate(text.charAt(longest - 1))
            && Character.isLowSurrogate(text.charAt(longest));
    return Math.max(
        splits ? longest - 1 : longest, start + Character.charCount(text.codePointAt(start)));
  }

  /** Returns the last position up to which a part fits; markup only makes it longer. */
  private int longest(int start, int lengthMax) {
    int fits = start;
    int tooLong = Math.min(text.length(), start + lengthMax) + 1;
    while (tooLong - fits > 1) {
      int middle = (fits + tooLong) >>> 1;
      if (render(start, middle).length() <= lengthMax) fits = middle;
      else tooLong = middle;
    }
    return fits;
  }

  private List<BitSet> breaks() {
    var whole = new BitSet();
    var lines = new BitSet();
    for (int i = 0; i < runs.size(); i++) {
      // The begin and the end of a run can be a break.
      if (has(runs.get(i), Style.Kind.WHOLE))
        whole.set(starts[i] + 1, Math.max(starts[i] + 1, starts[i + 1]));
      if (has(runs.get(i), Style.Kind.LINES))
        lines.set(starts[i] + 1, Math.max(starts[i] + 1, starts[i + 1]));
    }
    var paragraphs = new BitSet();
    for (int at = text.indexOf("\n\n"); at >= 0; at = text.indexOf("\n\n", at + 1))
      paragraphs.set(at + 2);
    paragraphs.andNot(lines);
    paragraphs.andNot(whole);
    var sentences = boundaries(BreakIterator.getSentenceInstance(Locale.ROOT));
    sentences.andNot(lines);
    for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
      sentences.set(at + 1);
    sentences.andNot(whole);
    var words = boundaries(BreakIterator.getLineInstance(Locale.ROOT));
    words.andNot(whole);
    var proseWords = (BitSet) words.clone();
    proseWords.andNot(lines);
    var characters = boundaries(BreakIterator.getCharacterInstance(Locale.ROOT));
    var divisible = (BitSet) characters.clone();
    divisible.andNot(whole);
    for (var kind : List.of(paragraphs, sentences, proseWords, words)) kind.and(characters);
    return List.of(paragraphs, sentences, proseWords, words, divisible, characters);
  }

  private static boolean has(StyledText run, Style.Kind kind) {
    return run.styles().stream().anyMatch(style -> style.kind() == kind);
  }

  private BitSet boundaries(BreakIterator iterator) {
    var all = new BitSet();
    iterator.setText(text);
    for (int at = iterator.first(); at != BreakIterator.DONE; at = iterator.next()) all.set(at);
    return all;
  }

  private boolean isCode(int position) {
    int run = 0;
    while (starts[run + 1] <= position) run++;
    return has(runs.get(run), Style.Kind.LINES);
  }

  /** Returns the first position at or after one that is not blank; the indent of code counts. */
  private int skipBlank(int position) {
    int at = position;
    while (at < text.length()
        && (text.charAt(at) == '\n' || Character.isWhitespace(text.charAt(at)) && !isCode(at)))
      at++;
    return at;
  }

  private int trimmed(int start, int end) {
    int at = end;
    while (at > start && Character.isWhitespace(text.charAt(at - 1))) at--;
    return at;
  }

  /** Returns a range as complete markup. */
  private String render(int start, int end) {
    var part = new StringBuilder();
    List<Style> open = List.of();
    for (int i = 0; i < runs.size() && starts[i] < end; i++) {
      if (starts[i + 1] <= start) continue;
      var run = runs.get(i);
      open = change(part, open, run.styles());
      int from = Math.max(start, starts[i]);
      var content = text.substring(from, Math.min(end, starts[i + 1]));
      if (run.styles().stream().noneMatch(Style::isVerbatim)) content = markup.escape(content);
      for (var style : run.styles())
        if (!style.linePrefix().isEmpty())
          content = content.replace("\n", "\n" + style.linePrefix());
      part.append(content);
    }
    change(part, open, List.of());
    return part.toString();
  }

  /** Closes the styles that end and opens those that begin. */
  private static List<Style> change(StringBuilder part, List<Style> open, List<Style> next) {
    int same = 0;
    while (same < Math.min(open.size(), next.size()) && open.get(same) == next.get(same)) same++;
    for (int i = open.size() - 1; i >= same; i--) part.append(open.get(i).close());
    for (int i = same; i < next.size(); i++) part.append(next.get(i).open());
    return next;
  }
}
