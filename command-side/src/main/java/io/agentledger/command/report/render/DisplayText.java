package io.agentledger.command.report.render;

import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Text of values as readers see it, and the cleaning of untrusted text. */
public final class DisplayText {
  private static final char REPLACEMENT = '\uFFFD';
  private static final Pattern MARKS = Pattern.compile("([\\p{Mn}\\p{Me}]{8})[\\p{Mn}\\p{Me}]+");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private DisplayText() {}

  /** Returns the text with U+FFFD in place of unpaired surrogates. */
  static String wellFormed(String text) {
    return clean(text, false);
  }

  /**
   * Returns well-formed text whose lines end in a line feed, with U+FFFD in place of control
   * characters, noncharacters, marks that override the direction of the text around them, and
   * accents beyond the eighth of a character, which layout puts below each other.
   */
  static String printable(String text) {
    return MARKS.matcher(clean(text, true)).replaceAll("$1" + REPLACEMENT);
  }

  /** Returns printable text in one line. */
  static String singleLine(String text) {
    return printable(text).replace('\n', ' ').replace('\t', ' ').strip();
  }

  private static String clean(String text, boolean printable) {
    int i = firstUnclean(text, printable);
    if (i == text.length()) return text;
    var cleaned = new StringBuilder(text.length()).append(text, 0, i);
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (printable && codePoint == '\r') {
        if (i == text.length() || text.charAt(i) != '\n') cleaned.append('\n');
      } else if (isClean(codePoint, printable)) cleaned.appendCodePoint(codePoint);
      else cleaned.append(REPLACEMENT);
    }
    return cleaned.toString();
  }

  private static int firstUnclean(String text, boolean printable) {
    int i = 0;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      if (!isClean(codePoint, printable)) break;
      i += Character.charCount(codePoint);
    }
    return i;
  }

  private static boolean isClean(int codePoint, boolean printable) {
    if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) return false;
    if (!printable || codePoint == '\n' || codePoint == '\t') return true;
    boolean nonCharacter =
        (codePoint & 0xFFFE) == 0xFFFE || codePoint >= 0xFDD0 && codePoint <= 0xFDEF;
    boolean override =
        codePoint >= 0x202A && codePoint <= 0x202E || codePoint >= 0x2066 && codePoint <= 0x2069;
    return !Character.isISOControl(codePoint) && !nonCharacter && !override;
  }

  /** Returns a value of a fact or a cell, which may have several lines. */
  public static String value(@Nullable Object value, ZoneId zone) {
    return switch (value) {
      case null -> "–";
      case Instant instant -> time(instant, zone);
      case Boolean flag -> flag ? "yes" : "no";
      case BigDecimal number -> number.toPlainString();
      default -> printable(value.toString());
    };
  }

  public static String time(Instant instant, ZoneId zone) {
    return TIME.format(instant.atZone(zone));
  }

  static String duration(Instant from, Instant to) {
    var duration = Duration.between(from, to);
    if (duration.toSeconds() < 60)
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    if (duration.toHours() < 1)
      return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    return duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }

  /** Returns the direction of the first letter that has one: {@code ltr} or {@code rtl}. */
  static String direction(String text) {
    return text.codePoints()
        .mapToObj(
            codePoint ->
                switch (Character.getDirectionality(codePoint)) {
                  case Character.DIRECTIONALITY_LEFT_TO_RIGHT -> "ltr";
                  case Character.DIRECTIONALITY_RIGHT_TO_LEFT,
                      Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC ->
                      "rtl";
                  default -> "";
                })
        .filter(direction -> !direction.isEmpty())
        .findFirst()
        .orElse("ltr");
  }

  /** Returns the label of a role or an outcome: {@code tool_failed} is "Tool failed". */
  static String label(String wireName) {
    var text = singleLine(wireName).replace('_', ' ');
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  static String imageDescription(String description) {
    var text = singleLine(description);
    return text.isEmpty() ? "Image" : "Image: " + text;
  }

  /** Throws if the thread was interrupted; it remains so. */
  public static void checkInterrupt() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted())
      throw new InterruptedIOException("rendering of the report was interrupted");
  }
}
