package io.agentledger.client.cli;

/**
 * Text from outside, made harmless for a terminal: whatever could move the cursor, change colours,
 * titles or the clipboard, or make text read otherwise than it is stored, is taken out.
 */
final class TerminalSanitizer {
  private TerminalSanitizer() {}

  /** Line breaks and tabs stay; a carriage return before a line break is dropped. */
  static String text(String raw) {
    if (raw.chars().noneMatch(c -> harmful(c))) return raw;
    var clean = new StringBuilder(raw.length());
    raw.codePoints()
        .forEach(
            point -> {
              if (!harmful(point)) clean.appendCodePoint(point);
            });
    return clean.toString();
  }

  /** On one line, at most so many characters; what is longer ends with an ellipsis. */
  static String line(String raw, int lengthMax) {
    var line = text(raw).strip().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) <= lengthMax) return line;
    return line.substring(0, line.offsetByCodePoints(0, lengthMax - 1)) + "…";
  }

  private static boolean harmful(int point) {
    if (point == '\n' || point == '\t') return false;
    return Character.getType(point) == Character.CONTROL || reorders(point);
  }

  /** Controls of writing direction: with them a harmless line can hide a harmful one. */
  private static boolean reorders(int point) {
    return point >= 0x202A && point <= 0x202E
        || point >= 0x2066 && point <= 0x2069
        || point == 0x200E
        || point == 0x200F
        || point == 0x061C;
  }
}
