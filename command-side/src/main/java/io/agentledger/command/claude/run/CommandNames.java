package io.agentledger.command.claude.run;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Names of the commands that the CLI lists.
 *
 * @param refusals returns why a client cannot invoke the command with a name; empty if it can
 * @param pluginSkills {@code plugin:name} by which the CLI lists a skill -> its full name
 */
record CommandNames(Function<String, Optional<String>> refusals, Map<String, String> pluginSkills) {
  /** Suffix of the descriptions of commands that are not of a plugin. */
  private static final String NO_PLUGIN = " (user)";

  Optional<String> findRefusal(String name) {
    return refusals.apply(name);
  }

  /** Returns the full name; the CLI writes the plugin of a skill only into its description. */
  String fullName(String listed, String description) {
    int end = description.indexOf(") ");
    return description.startsWith("(") && end > 0 && !description.endsWith(NO_PLUGIN)
        ? pluginSkills.getOrDefault(description.substring(1, end) + ":" + listed, listed)
        : listed;
  }
}
