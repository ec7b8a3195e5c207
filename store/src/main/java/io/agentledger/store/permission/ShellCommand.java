package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Parsed shell command: as written, in parts, and with quoting and escapes resolved. Parsed once
 * for all rules.
 */
final class ShellCommand {
  /**
   * Largest length that is parsed. A longer command matches every deny and ask rule, and no allow
   * rule.
   */
  static final int LENGTH_MAX = 32 * 1024;

  private static final Pattern SEPARATORS = Pattern.compile("\\|\\||&&|[;|&\\n<>`(){}]|\\$\\(");

  private final boolean isTooLong;
  private final boolean hasDynamicName;
  private final List<String> parts;
  private final Set<String> variants = new LinkedHashSet<>();
  private final Set<String> decodedVariants = new LinkedHashSet<>();

  /** Way in which a rule's patterns matched a command. */
  enum Match {
    NONE(""),
    TEXT(""),
    ESCAPED(
        "the command contains escapes ($'...'), which are decoded before it is checked; write it"
            + " without them"),
    UNKNOWN_NAME(
        "the shell computes a program's name when the command runs ($X, /bin/r?, $(...)), so it"
            + " is not known which program it is; write the program's name literally"),
    TOO_LONG(
        "the command is longer than "
            + LENGTH_MAX / 1024
            + " KiB and is not checked; use a script or several commands");

    private final String explanation;

    Match(String explanation) {
      this.explanation = explanation;
    }

    /** Explains the match and how to avoid it; empty if the rule itself shows it. */
    String explanation() {
      return explanation;
    }
  }

  ShellCommand(String command) {
    String text = command.strip();
    isTooLong = text.length() > LENGTH_MAX;
    parts = isTooLong ? List.of() : parts(text);
    hasDynamicName = !isTooLong && CommandNames.areDynamic(text);
    if (!isTooLong) {
      addVariants(variants, text);
      // An anchored pattern refers to a command, not to the whole line.
      parts.forEach(part -> addVariants(variants, part));
      String decoded = ShellText.decode(text);
      if (!decoded.equals(text)) {
        addVariants(decodedVariants, decoded);
        parts(decoded).forEach(part -> addVariants(decodedVariants, part));
      }
    }
  }

  private static void addVariants(Set<String> variants, String text) {
    variants.add(text);
    variants.add(ShellText.unquote(text));
  }

  private static List<String> parts(String text) {
    var parts = new ArrayList<String>();
    for (String part : SEPARATORS.split(text)) if (!part.isBlank()) parts.add(part.strip());
    return parts;
  }

  /**
   * Searches for one of the patterns anywhere in the command. A name that the shell computes when
   * the command runs matches any of them.
   */
  Match find(List<Pattern> patterns) {
    if (containsAny(variants, patterns)) return Match.TEXT;
    if (containsAny(decodedVariants, patterns)) return Match.ESCAPED;
    if (isTooLong) return Match.TOO_LONG;
    return hasDynamicName ? Match.UNKNOWN_NAME : Match.NONE;
  }

  private static boolean containsAny(Set<String> variants, List<Pattern> patterns) {
    return patterns.stream()
        .anyMatch(pattern -> variants.stream().anyMatch(text -> pattern.matcher(text).find()));
  }

  /** Returns true if each part matches one of the patterns completely. */
  boolean allPartsMatch(List<Pattern> patterns) {
    return !parts.isEmpty()
        && parts.stream()
            .allMatch(part -> patterns.stream().anyMatch(pattern -> pattern.matches(part)));
  }
}
