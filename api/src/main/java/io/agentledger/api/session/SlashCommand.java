package io.agentledger.api.session;

/**
 * A slash command that a client invokes: one of Claude Code's own, a command or a skill.
 *
 * @param name without its slash; for a plugin's command {@code plugin:name}
 * @param arguments text behind the name; empty: none
 */
public record SlashCommand(String name, String arguments) {
  /** A pattern of names, for validation. */
  public static final String NAME =
      "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9][A-Za-z0-9_.-]{0,63}){0,3}";

  /** The longest arguments, in characters. */
  public static final int ARGUMENTS_LENGTH_MAX = 10_000;

  /** Returns the command as a user types it. */
  public String text() {
    return arguments.isEmpty() ? "/" + name : "/" + name + " " + arguments;
  }
}
