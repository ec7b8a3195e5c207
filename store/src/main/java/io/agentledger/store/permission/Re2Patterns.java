package io.agentledger.store.permission;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.shared.PermissionRejection.PolicyRefused;
import io.agentledger.api.shared.RejectionException;

/** Makes expressions whose time grows with the text and nothing else: all of them are RE2. */
public final class Re2Patterns {
  private static final Pattern COUNT = Pattern.compile("\\{([0-9]*),?([0-9]*)\\}");

  /** An expression is unrolled before it is used; so much of that and no more. */
  private static final long REPEATS_MAX = 1000;

  private Re2Patterns() {}

  /** A person's expression; what is none, or too big a one, is {@link RejectionException}. */
  static Pattern compile(String rule, String text) {
    long repeats = 1;
    Matcher counts = COUNT.matcher(text);
    while (counts.find()) {
      repeats *= Math.max(1, Math.max(number(counts.group(1)), number(counts.group(2))));
      if (repeats > REPEATS_MAX) throw invalidRule(rule, "repeats something too often");
    }
    try {
      return Pattern.compile(text, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw invalidRule(rule, "has a command that is no RE2 expression: " + e.getDescription());
    }
  }

  private static long number(String digits) {
    return digits.isEmpty() ? 0 : digits.length() > 6 ? REPEATS_MAX + 1 : Long.parseLong(digits);
  }

  /** {@code *} stands for anything, everything else for itself. */
  public static Pattern wildcard(String text) {
    return Pattern.compile(Pattern.quote(text).replace("\\*", ".*"), Pattern.DOTALL);
  }

  /** {@code **} stands for any path, {@code *} and {@code ?} for what is within one name. */
  public static Pattern glob(String text) {
    var regex = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith("/**/", at)) {
        regex.append("/(?:.*/)?");
        at += 4;
      } else if (text.startsWith("/**", at) && at + 3 == text.length()) {
        regex.append("(?:/.*)?"); // The directory itself is part of what is below it.
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
