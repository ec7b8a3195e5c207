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

  /** Other commands and skills that the CLI has of its own; clients cannot invoke them. */
  private static final List<String> INTERNAL =
      List.of(
          "batch",
          "claude-api",
          "clear",
          "config",
          "debug",
          "deep-research",
          "fewer-permission-prompts",
          "goal",
          "heapdump",
          "insights",
          "loop",
          "reload-skills",
          "run",
          "run-skill-generator",
          "team-onboarding",
          "update-config",
          "verify");

  private CliCommands() {}

  /** Returns whether the name is a command of the CLI that clients can invoke. */
  public static boolean contains(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Returns whether the CLI has a command or skill of its own with that name. */
  public static boolean isReserved(String name) {
    return contains(name) || INTERNAL.contains(name.toLowerCase(Locale.ROOT));
  }
}
