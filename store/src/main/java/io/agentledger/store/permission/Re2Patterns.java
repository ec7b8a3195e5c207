package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.shared.PermissionRejection.PolicyRefused;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.api.shared.RejectionException;
import java.util.Optional;

/** Compiles RE2 expressions, whose evaluation time is proportional to the text. */
public final class Re2Patterns {
  private Re2Patterns() {}

  /**
   * Compiles a user's expression; throws {@link RejectionException} if it is invalid or too large.
   */
  static Pattern compile(String rule, String text) {
    requireNone(rule, RegexLimits.findViolation(text));
    try {
      var pattern = Pattern.compile(text, Pattern.DOTALL);
      requireNone(rule, RegexLimits.findViolation(pattern.programSize()));
      return pattern;
    } catch (PatternSyntaxException e) {
      throw invalidRule(
          rule, "has a command that is not a valid RE2 expression: " + e.getDescription());
    }
  }

  private static void requireNone(String rule, Optional<String> violation) {
    if (violation.isPresent()) throw invalidRule(rule, "has a command that " + violation.get());
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
