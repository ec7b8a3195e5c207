package io.agentledger.command.report.render;

import io.agentledger.command.report.document.ReportBlock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Widths of the columns of a printed table. */
final class TableColumnWidths {
  /** Digits that fit into the width of a printed table. */
  private static final int TABLE_CHARACTERS = 96;

  /** Those of a table in a smaller size. */
  private static final int WIDE_TABLE_CHARACTERS = 110;

  /** Padding of a cell in digits. */
  private static final int CELL_PADDING = 2;

  private TableColumnWidths() {}

  /**
   * Returns percentages that follow the longest texts of the first rows, within limits. No column
   * is narrower than its longest word, so that words are not broken, if there is space; times are
   * in one line, if there is still more.
   */
  static List<String> of(ReportBlock.Table table, List<List<@Nullable Object>> rows, ZoneId zone) {
    List<Integer> lengths = new ArrayList<>();
    List<Integer> words = new ArrayList<>();
    List<Integer> wordsAndTimes = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).secondary()) continue;
      var title = table.columns().get(i).title();
      int length = Math.min(16, title.length());
      int word = longestWord(title) + 1; // Titles are bold.
      int time = 0;
      for (List<@Nullable Object> row : rows) {
        var value = DisplayText.value(row.get(i), zone);
        length = Math.max(length, value.length());
        word = Math.max(word, longestWord(value));
        if (row.get(i) instanceof Instant) time = value.length();
      }
      words.add(padded(word));
      wordsAndTimes.add(Math.max(padded(word), time)); // Hyphens and colons are narrow.
      lengths.add(Math.clamp(length + CELL_PADDING, 6, 45));
    }
    int available = isWide(words.size()) ? WIDE_TABLE_CHARACTERS : TABLE_CHARACTERS;
    var needed = sum(wordsAndTimes) <= available ? wordsAndTimes : limit(words, available);
    double space = available - sum(needed);
    int wanted = 0;
    for (int i = 0; i < needed.size(); i++) wanted += Math.max(0, lengths.get(i) - needed.get(i));
    var widths = new ArrayList<String>();
    for (int i = 0; i < needed.size(); i++) {
      int more = Math.max(0, lengths.get(i) - needed.get(i));
      double width =
          needed.get(i)
              + (wanted == 0 || rows.isEmpty() ? space / needed.size() : space * more / wanted);
      widths.add(String.format(Locale.ROOT, "%.1f%%", 100 * width / available));
    }
    return widths;
  }

  /** Adds the padding, and a tenth, because some letters are wider than digits. */
  private static int padded(int length) {
    return length + length / 10 + CELL_PADDING;
  }

  /** Shortens the longest until all fit: ids may be broken before words and times. */
  private static List<Integer> limit(List<Integer> lengths, int available) {
    int longest = lengths.stream().mapToInt(Integer::intValue).max().orElse(0);
    int limit = longest;
    while (limit > 1 && sum(limited(lengths, limit)) > available) limit--;
    return limited(lengths, limit);
  }

  private static List<Integer> limited(List<Integer> lengths, int limit) {
    return lengths.stream().map(length -> Math.min(length, limit)).toList();
  }

  /** Returns whether a table has so many columns that it is printed in a smaller size. */
  static boolean isWide(int columns) {
    return columns >= 7;
  }

  private static int sum(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).sum();
  }

  /** Returns the width in digits of the longest part, which lines do not break. */
  private static int longestWord(String text) {
    return Arrays.stream(text.split("\\s|[\\-/](?!\\d)"))
        .mapToInt(TableColumnWidths::width)
        .max()
        .orElse(0);
  }

  private static int width(String word) {
    long wide = word.chars().filter(letter -> "mwMW".indexOf(letter) >= 0).count();
    return word.length() + (int) (wide + 1) / 2;
  }
}
