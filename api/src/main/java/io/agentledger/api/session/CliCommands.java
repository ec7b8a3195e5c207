package io.agentledger.api.session;

import java.util.List;
import java.util.Locale;

/**
 * Commands that the CLI executes itself. Its other commands would change recorded state and are not
 * offered.
 */
public final class CliCommands {
  public static final List<String> NAMES =
      List.of(
          "code-review",
          "compact",
          "context",
          "init",
          "review",
          "security-review",
          "simplify",
          "usage");

  private CliCommands() {}

  /** Returns whether the name is a command of the CLI that clients can invoke. */
  public static boolean contains(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }
}
