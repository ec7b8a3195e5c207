package io.agentledger.client.cli;

/**
 * Removes from text everything that could move the cursor, change colours, titles or the clipboard,
 * or make text appear different from its stored form.
 */
final class TerminalSanitizer {
  private TerminalSanitizer() {}

  /** Keeps line breaks and tabs; removes a carriage return before a line break. */
  static String sanitize(String raw) {
    if (raw.chars().noneMatch(c -> isHarmful(c))) return raw;
    var sanitized = new StringBuilder(raw.length());
    raw.codePoints()
        .forEach(
            codePoint -> {
              if (!isHarmful(codePoint)) sanitized.appendCodePoint(codePoint);
            });
    return sanitized.toString();
  }

  /**
   * Puts the text on one line of at most {@code lengthMax} characters; longer text ends with an
   * ellipsis.
   */
  static String sanitizeLine(String raw, int lengthMax) {
    var line = sanitize(raw).strip().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) <= lengthMax) return line;
    return line.substring(0, line.offsetByCodePoints(0, lengthMax - 1)) + "…";
  }

  private static boolean isHarmful(int codePoint) {
    if (codePoint == '\n' || codePoint == '\t') return false;
    return Character.getType(codePoint) == Character.CONTROL || isBidiControl(codePoint);
  }

  /** Detects controls of the writing direction, by which a harmless line can hide a harmful one. */
  private static boolean isBidiControl(int codePoint) {
    return codePoint >= 0x202A && codePoint <= 0x202E
        || codePoint >= 0x2066 && codePoint <= 0x2069
        || codePoint == 0x200E
        || codePoint == 0x200F
        || codePoint == 0x061C;
  }
}
