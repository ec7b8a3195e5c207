package io.agentledger.api.shared;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Limits of RE2 expressions that users supply. RE2 matches in linear time, but unrolls repetitions
 * and recurses into groups when it compiles an expression.
 */
public final class RegexLimits {
  /** Maximum product of all repetition counts. */
  public static final long REPEATS_MAX = 1000;

  /** Maximum of that product, multiplied by the length. */
  private static final long SIZE_MAX = 200_000;

  private static final int GROUPS_MAX = 200;
  private static final int COUNT_DIGITS_MAX = 6;
  private static final Pattern COUNT = Pattern.compile("\\{([0-9]*),?([0-9]*)\\}");

  private RegexLimits() {}

  /** Returns why an expression is too large to be compiled; empty if it is not. */
  public static Optional<String> findViolation(String expression) {
    if (expression.chars().filter(character -> character == '(').count() > GROUPS_MAX)
      return Optional.of("has more than " + GROUPS_MAX + " groups");
    long repeats = 1;
    var counts = COUNT.matcher(expression);
    while (counts.find()) {
      repeats *= Math.max(1, Math.max(number(counts.group(1)), number(counts.group(2))));
      if (repeats > REPEATS_MAX) return Optional.of("has a repetition above " + REPEATS_MAX);
    }
    return repeats * expression.length() > SIZE_MAX
        ? Optional.of("is too long; at most " + SIZE_MAX + " characters with its repetitions")
        : Optional.empty();
  }

  private static long number(String digits) {
    if (digits.isEmpty()) return 0;
    return digits.length() > COUNT_DIGITS_MAX ? REPEATS_MAX + 1 : Long.parseLong(digits);
  }
}
