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
  /** Longer ones are not looked at: what denies or asks takes them for meant, no rule allows. */
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
        "the command spells it with escapes ($'...'), and is judged as the shell reads it; write"
            + " it without them"),
    UNKNOWN_NAME(
        "the shell makes a program's name when the command runs ($X, /bin/r?, $(...)), so nobody"
            + " can tell which program it is; write the program's name itself"),
    TOO_LONG(
        "the command is longer than "
            + LENGTH_MAX / 1024
            + " KiB and is not read; write it to a script, or make several of it");

    private final String explanation;

    Match(String explanation) {
      this.explanation = explanation;
    }

    /** Why it matches and how to write it; empty where the rule's own words say it. */
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
      parts.forEach(
          part ->
              addVariants(
                  variants, part)); // An anchored pattern means a command, not the whole line.
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
   * Finds whether one of the patterns is anywhere in it. A name that the shell makes when the
   * command runs may be any of them.
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

  /** Whether each part of it is one of the patterns from end to end. */
  boolean allPartsMatch(List<Pattern> patterns) {
    return !parts.isEmpty()
        && parts.stream()
            .allMatch(part -> patterns.stream().anyMatch(pattern -> pattern.matches(part)));
  }
}
