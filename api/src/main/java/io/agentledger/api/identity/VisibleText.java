package io.agentledger.api.identity;

import java.text.Normalizer;

/** Rules for names that people distinguish by sight: they contain visible characters only. */
final class VisibleText {
  private VisibleText() {}

  /**
   * Returns the text in Unicode's compatibility form, with single blanks.
   *
   * @throws IllegalArgumentException for characters that are hidden or change the order of others
   */
  static String of(String text, int lengthMax) {
    if (text.length() > 4 * lengthMax) throw tooLong(lengthMax);
    var compatible = Normalizer.normalize(text, Normalizer.Form.NFKC);
    if (compatible.codePoints().anyMatch(VisibleText::isHidden))
      throw new IllegalArgumentException("must not have characters that cannot be seen");
    var normalized = compatible.strip().replaceAll("\\p{Zs}+", " ");
    if (normalized.isEmpty()) throw new IllegalArgumentException("must not be blank");
    if (normalized.codePoints().count() > lengthMax) throw tooLong(lengthMax);
    return normalized;
  }

  private static IllegalArgumentException tooLong(int lengthMax) {
    return new IllegalArgumentException("must have at most " + lengthMax + " characters");
  }

  /**
   * Returns whether the character is a control, a direction mark, a joiner, a filler, for private
   * use, or half of a surrogate pair.
   */
  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default ->
          c == 0x115F
              || c == 0x1160
              || c == 0x3164
              || c == 0xFFA0 // Hangul fillers
              || c == 0x034F // combining grapheme joiner
              || c >= 0xFE00 && c <= 0xFE0F // variation selectors
              || c >= 0xE0100 && c <= 0xE01EF
              || c == 0x2800; // a blank Braille cell
    };
  }
}
