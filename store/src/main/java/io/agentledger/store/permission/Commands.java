package io.agentledger.store.permission;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;

/** What a command is about: as it is written, in parts, and with its disguises taken off. */
final class Commands {
  /** Longer ones are not looked at: what denies or asks takes them for meant, no rule allows. */
  static final int LENGTH_MAX = 32 * 1024;

  private static final Pattern JOINTS = Pattern.compile("\\|\\||&&|[;|&\\n<>`(){}]|\\$\\(");
  private static final Pattern DISGUISES = Pattern.compile("['\"\\\\]");

  private final String text;

  Commands(String text) {
    this.text = text.strip();
  }

  /** Whether one of the patterns is found anywhere in it. */
  boolean anyFound(List<Pattern> patterns) {
    if (text.length() > LENGTH_MAX) return true;
    String plain = DISGUISES.matcher(text).replaceAll("");
    for (Pattern pattern : patterns)
      if (pattern.matcher(text).find() || pattern.matcher(plain).find()) return true;
    return anyPartFound(patterns);
  }

  /** A pattern that is anchored means a command's beginning or end, not the whole line's. */
  private boolean anyPartFound(List<Pattern> patterns) {
    for (String part : parts()) {
      String plain = DISGUISES.matcher(part).replaceAll("");
      for (Pattern pattern : patterns)
        if (pattern.matcher(part).find() || pattern.matcher(plain).find()) return true;
    }
    return false;
  }

  /** Whether each part of it is one of the patterns from end to end. */
  boolean allMatch(List<Pattern> patterns) {
    if (text.length() > LENGTH_MAX) return false;
    List<String> parts = parts();
    return !parts.isEmpty()
        && parts.stream().allMatch(part -> patterns.stream().anyMatch(each -> each.matches(part)));
  }

  private List<String> parts() {
    var parts = new ArrayList<String>();
    for (String part : JOINTS.split(text)) if (!part.isBlank()) parts.add(part.strip());
    return parts;
  }
}
