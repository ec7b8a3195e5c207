package io.agentledger.store.permission;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.shared.PermissionRejection.PolicyRefused;
import io.agentledger.api.shared.RejectionException;

/** Compiles RE2 expressions, whose evaluation time is proportional to the text. */
public final class Re2Patterns {
  private static final Pattern COUNT = Pattern.compile("\\{([0-9]*),?([0-9]*)\\}");

  /** Largest number of repetitions: an expression is unrolled before it is used. */
  private static final long REPEATS_MAX = 1000;

  private Re2Patterns() {}

  /**
   * Compiles a user's expression; throws {@link RejectionException} if it is invalid or too large.
   */
  static Pattern compile(String rule, String text) {
    long repeats = 1;
    Matcher counts = COUNT.matcher(text);
    while (counts.find()) {
      repeats *= Math.max(1, Math.max(number(counts.group(1)), number(counts.group(2))));
      if (repeats > REPEATS_MAX) throw invalidRule(rule, "has a repetition above " + REPEATS_MAX);
    }
    try {
      return Pattern.compile(text, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw invalidRule(
          rule, "has a command that is not a valid RE2 expression: " + e.getDescription());
    }
  }

  private static long number(String digits) {
    return digits.isEmpty() ? 0 : digits.length() > 6 ? REPEATS_MAX + 1 : Long.parseLong(digits);
  }

  /** Compiles a wildcard: {@code *} matches anything, every other character itself. */
  public static Pattern wildcard(String text) {
    return Pattern.compile(Pattern.quote(text).replace("\\*", ".*"), Pattern.DOTALL);
  }

  /**
   * Compiles a glob: {@code **} matches any path, {@code *} and {@code ?} match within one name.
   */
  public static Pattern glob(String text) {
    var regex = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("/**/", at)) {
        regex.append("/(?:.*/)?");
        at += 4;
      } else if (text.startsWith("/**", at) && at + 3 == text.length()) {
        regex.append("(?:/.*)?"); // The directory itself belongs to its subtree.
        at += 3;
      } else if (at == 0 && text.startsWith("**/")) {
        regex.append("(?:.*/)?");
        at += 3;
      } else if (text.startsWith("**", at)) {
        regex.append(".*");
        at += 2;
      } else {
        char character = text.charAt(at++);
        regex.append(
            switch (character) {
              case '*' -> "[^/]*";
              case '?' -> "[^/]";
              default -> Pattern.quote(String.valueOf(character));
            });
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  static RejectionException invalidRule(String rule, String detail) {
    return new RejectionException(new PolicyRefused(rule, detail));
  }
}
