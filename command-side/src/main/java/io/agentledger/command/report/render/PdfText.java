package io.agentledger.command.report.render;

/** Text as PDF/A and its fonts can show it. */
final class PdfText {
  private PdfText() {}

  /**
   * Returns the text without invisible characters, which fonts show as missing, and with U+FFFD for
   * those of private use, which PDF/A does not allow.
   */
  static String clean(String text) {
    if (text.codePoints().noneMatch(c -> isInvisible(c) || isPrivate(c))) return text;
    var cleaned = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> !isInvisible(c))
        .map(c -> isPrivate(c) ? 0xFFFD : c)
        .forEach(cleaned::appendCodePoint);
    return cleaned.toString();
  }

  private static boolean isPrivate(int codePoint) {
    return Character.getType(codePoint) == Character.PRIVATE_USE;
  }

  /** Variation selectors, joiners, marks of byte order and tags. */
  private static boolean isInvisible(int codePoint) {
    return codePoint >= 0xFE00 && codePoint <= 0xFE0F
        || codePoint >= 0x200B && codePoint <= 0x200F
        || codePoint == 0x2060
        || codePoint == 0xFEFF
        || codePoint == 0xAD
        || codePoint >= 0xE0000 && codePoint <= 0xE01EF;
  }
}
