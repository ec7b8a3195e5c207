package io.agentledger.gateway.support.validation;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/**
 * Checks that a text can be shown as a name in a list, a terminal or a log without deceiving its
 * reader.
 */
final class SafeTextChecker {
  private static final int MARKS_MAX = 6;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int TEXT_STYLE = 0xFE0E;
  private static final int EMOJI_STYLE = 0xFE0F;

  /** Scripts that need no joiners; in these, joiners only create names that look alike. */
  private static final Set<UnicodeScript> WITHOUT_JOINERS =
      Set.of(
          UnicodeScript.COMMON,
          UnicodeScript.INHERITED,
          UnicodeScript.LATIN,
          UnicodeScript.GREEK,
          UnicodeScript.CYRILLIC);

  private SafeTextChecker() {}

  static boolean isSafe(String text) {
    if (!text.isEmpty() && text.codePoints().allMatch(SafeTextChecker::isBlank)) return false;
    var codePoints = text.codePoints().toArray();
    int marks = 0;
    for (int i = 0; i < codePoints.length; i++) {
      int codePoint = codePoints[i];
      marks = Character.getType(codePoint) == Character.NON_SPACING_MARK ? marks + 1 : 0;
      if (marks > MARKS_MAX) return false;
      boolean isJoiner = codePoint == ZERO_WIDTH_JOINER || codePoint == ZERO_WIDTH_NON_JOINER;
      if (isJoiner ? !isAllowedJoiner(codePoints, i) : isForbidden(codePoint)) return false;
    }
    return true;
  }

  /** Returns whether a reader sees anything of the text. */
  static boolean hasVisibleCharacter(String text) {
    return text.codePoints()
        .anyMatch(
            codePoint ->
                !isBlank(codePoint)
                    && !isForbidden(codePoint)
                    && codePoint != TEXT_STYLE
                    && codePoint != EMOJI_STYLE);
  }

  /** Returns whether the character is white space, also one that does not break a line. */
  private static boolean isBlank(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
  }

  /**
   * Returns whether the joiner is between two parts of an emoji, or two letters of a script that
   * uses joiners.
   */
  private static boolean isAllowedJoiner(int[] codePoints, int index) {
    if (index == 0 || index == codePoints.length - 1) return false;
    int previous = codePoints[index - 1];
    int next = codePoints[index + 1];
    if (isEmoji(previous) && isEmoji(next)) return codePoints[index] == ZERO_WIDTH_JOINER;
    var script = UnicodeScript.of(next);
    return !WITHOUT_JOINERS.contains(script)
        && Character.isLetter(next)
        && (UnicodeScript.of(previous) == script || isCombiningMark(previous));
  }

  private static boolean isEmoji(int codePoint) {
    return codePoint == EMOJI_STYLE
        || Character.isExtendedPictographic(codePoint)
        || Character.isEmojiModifier(codePoint);
  }

  private static boolean isCombiningMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isForbidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE ->
          true;
      default -> isInvisible(codePoint) || (codePoint & 0xFFFE) == 0xFFFE;
    };
  }

  /** Returns whether the letter, mark or blank is invisible. */
  private static boolean isInvisible(int codePoint) {
    return switch (codePoint) {
      case TEXT_STYLE, EMOJI_STYLE -> false;
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default ->
          codePoint >= 0x180B && codePoint <= 0x180F
              || codePoint >= 0xFE00 && codePoint <= 0xFE0D
              || codePoint >= 0xFFF0 && codePoint <= 0xFFF8
              || codePoint >= 0xFDD0 && codePoint <= 0xFDEF
              || codePoint >= 0xE0000 && codePoint <= 0xE0FFF;
    };
  }
}
