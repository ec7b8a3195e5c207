package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a command is about: as it is written, in parts, and with its disguises taken off. Made once
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

  ShellCommand(String command) {
    String text = command.strip();
    isTooLong = text.length() > LENGTH_MAX;
    parts = isTooLong ? List.of() : parts(text);
    hasDynamicName = !isTooLong && CommandNames.areDynamic(text);
    if (!isTooLong) {
      addVariants(text);
      parts.forEach(this::addVariants); // An anchored pattern means a command, not the whole line.
      String decoded = ShellText.decode(text);
      if (!decoded.equals(text)) {
        addVariants(decoded);
        parts(decoded).forEach(this::addVariants);
      }
    }
  }

  private void addVariants(String text) {
    variants.add(text);
    variants.add(ShellText.unquote(text));
  }

  private static List<String> parts(String text) {
    var parts = new ArrayList<String>();
    for (String part : SEPARATORS.split(text)) if (!part.isBlank()) parts.add(part.strip());
    return parts;
  }

  /**
   * Whether one of the patterns is found anywhere in it. A name that the shell makes when the
   * command runs may be any of them.
   */
  boolean containsAny(List<Pattern> patterns) {
    if (isTooLong || hasDynamicName) return true;
    for (Pattern pattern : patterns)
      for (String variant : variants) if (pattern.matcher(variant).find()) return true;
    return false;
  }

  /** Whether each part of it is one of the patterns from end to end. */
  boolean allPartsMatch(List<Pattern> patterns) {
    return !parts.isEmpty()
        && parts.stream()
            .allMatch(part -> patterns.stream().anyMatch(pattern -> pattern.matches(part)));
  }
}
