package io.agentledger.gateway.support.validation;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/** Which text can stand as a name in a list, a terminal, a log, and deceive nobody there. */
final class SafeTextChecker {
  private static final int MARKS_MAX = 6;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;
  private static final int TEXT_STYLE = 0xFE0E;
  private static final int EMOJI_STYLE = 0xFE0F;

  /** Scripts that need no joiners; there they only make two names look alike. */
  private static final Set<UnicodeScript> WITHOUT_JOINERS =
      Set.of(
          UnicodeScript.COMMON,
          UnicodeScript.INHERITED,
          UnicodeScript.LATIN,
          UnicodeScript.GREEK,
          UnicodeScript.CYRILLIC);

  private SafeTextChecker() {}

  static boolean isPlain(String text) {
    var points = text.codePoints().toArray();
    int marks = 0;
    for (int i = 0; i < points.length; i++) {
      int point = points[i];
      marks = Character.getType(point) == Character.NON_SPACING_MARK ? marks + 1 : 0;
      if (marks > MARKS_MAX) return false;
      boolean joins = point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER;
      if (joins ? !isJoint(points, i) : isDeceiving(point)) return false;
    }
    return true;
  }

  /** Between two pictures of one emoji, or two letters of a script that is written with it. */
  private static boolean isJoint(int[] points, int at) {
    if (at == 0 || at == points.length - 1) return false;
    int before = points[at - 1];
    int behind = points[at + 1];
    if (isPicture(before) && isPicture(behind)) return points[at] == ZERO_WIDTH_JOINER;
    var script = UnicodeScript.of(behind);
    return !WITHOUT_JOINERS.contains(script)
        && Character.isLetter(behind)
        && (UnicodeScript.of(before) == script || isMark(before));
  }

  private static boolean isPicture(int point) {
    return point == EMOJI_STYLE
        || Character.isExtendedPictographic(point)
        || Character.isEmojiModifier(point);
  }

  private static boolean isMark(int point) {
    int type = Character.getType(point);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isDeceiving(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE ->
          true;
      default -> isInvisible(point) || (point & 0xFFFE) == 0xFFFE;
    };
  }

  /** Letters, marks and blanks that show nothing. */
  private static boolean isInvisible(int point) {
    return switch (point) {
      case TEXT_STYLE, EMOJI_STYLE -> false;
      case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0 -> true;
      default ->
          point >= 0x180B && point <= 0x180F
              || point >= 0xFE00 && point <= 0xFE0D
              || point >= 0xFFF0 && point <= 0xFFF8
              || point >= 0xFDD0 && point <= 0xFDEF
              || point >= 0xE0000 && point <= 0xE0FFF;
    };
  }
}
