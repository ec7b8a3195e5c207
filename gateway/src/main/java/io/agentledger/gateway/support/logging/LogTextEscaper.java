package io.agentledger.gateway.support.logging;

/**
 * Escapes what a text of a client could use to forge lines of the log or to control the terminal
 * that shows it: line breaks, control characters, and characters that change the direction of text.
 */
final class LogTextEscaper {
  private LogTextEscaper() {}

  /** Returns the text on one line; tabs stay. */
  static String escape(String text) {
    if (isPrintableAscii(text) || text.codePoints().noneMatch(LogTextEscaper::isEscaped))
      return text;
    var escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            codePoint -> {
              if (isEscaped(codePoint)) escaped.append(escapeOf(codePoint));
              else escaped.appendCodePoint(codePoint);
            });
    return escaped.toString();
  }

  /** Most texts are. */
  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++)
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') return false;
    return true;
  }

  private static boolean isEscaped(int codePoint) {
    return switch (codePoint) {
      case '\t' -> false;
      case 0x061C, 0x200E, 0x200F, 0x2028, 0x2029 -> true;
      default ->
          Character.isISOControl(codePoint)
              || codePoint >= 0x202A && codePoint <= 0x202E
              || codePoint >= 0x2066 && codePoint <= 0x2069;
    };
  }

  private static String escapeOf(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      default -> "\\u%04x".formatted(codePoint);
    };
  }
}
