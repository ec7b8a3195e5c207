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

  /** Maximum size of an expression, and of all expressions of a schema together. */
  public static final long SIZE_MAX = 200_000;

  /**
   * Maximum number of instructions of a compiled expression. RE2J recurses into all that match the
   * empty text, and some 4,000 of them overflow the stack of a thread.
   */
  public static final int PROGRAM_MAX = 2500;

  /** Maximum size of the matcher of a hook; all hooks of a point are matched at each event. */
  public static final long MATCHER_SIZE_MAX = 5_000;

  /** Size of a Unicode class, which RE2 compiles to hundreds of ranges. */
  private static final int CLASS_SIZE = 100;

  private static final int GROUPS_MAX = 200;
  private static final int COUNT_DIGITS_MAX = 6;
  private static final Pattern COUNT = Pattern.compile("\\{([0-9]*),?([0-9]*)\\}");
  private static final Pattern CLASS = Pattern.compile("\\\\[pP]");

  private RegexLimits() {}

  /** Returns why an expression is too large to be compiled; empty if it is not. */
  public static Optional<String> findViolation(String expression) {
    return findViolation(expression, SIZE_MAX);
  }

  /** Returns why an expression is too large for a limit of its own; empty if it is not. */
  public static Optional<String> findViolation(String expression, long sizeMax) {
    if (expression.chars().filter(character -> character == '(').count() > GROUPS_MAX)
      return Optional.of("has more than " + GROUPS_MAX + " groups");
    if (repeatsOf(expression) > REPEATS_MAX)
      return Optional.of("has a repetition above " + REPEATS_MAX);
    return sizeOf(expression) > sizeMax
        ? Optional.of("is too long; at most " + sizeMax + " characters with its repetitions")
        : Optional.empty();
  }

  /** Returns why a compiled expression is too large to be matched; empty if it is not. */
  public static Optional<String> findViolation(int programSize) {
    return programSize > PROGRAM_MAX
        ? Optional.of(
            "has %d instructions with its repetitions; at most %d are allowed"
                .formatted(programSize, PROGRAM_MAX))
        : Optional.empty();
  }

  /**
   * Returns the size of an expression, to which memory and time of a match are proportional: its
   * length, multiplied by all repetition counts; a Unicode class counts as 100 characters.
   */
  public static long sizeOf(String expression) {
    long classes = CLASS.matcher(expression).results().count();
    return repeatsOf(expression) * (expression.length() + classes * CLASS_SIZE);
  }

  /** Returns the product of all repetition counts, which ends above the maximum. */
  private static long repeatsOf(String expression) {
    long repeats = 1;
    var counts = COUNT.matcher(expression);
    while (counts.find() && repeats <= REPEATS_MAX)
      repeats *= Math.max(1, Math.max(number(counts.group(1)), number(counts.group(2))));
    return repeats;
  }

  private static long number(String digits) {
    if (digits.isEmpty()) return 0;
    return digits.length() > COUNT_DIGITS_MAX ? REPEATS_MAX + 1 : Long.parseLong(digits);
  }
}
