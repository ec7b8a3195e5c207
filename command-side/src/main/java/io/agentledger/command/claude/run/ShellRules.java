package io.agentledger.command.claude.run;

import io.agentledger.command.claude.box.AgentPaths;
import io.agentledger.command.claude.box.CommandRules;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.Permissions.Whose;
import java.io.IOException;
import java.util.Optional;

/**
 * Has what rules close to shell commands closed in their boxes, from the next command on. Where
 * there are no boxes it does nothing.
 */
final class ShellRules {
  private static final String TOO_MANY =
      "the policies' rules close more than "
          + CommandRules.PLACES_MAX
          + " places to shell commands, the folders that lead to them included";

  private final PathPolicies policies;
  private final AgentPaths paths;

  ShellRules(PathPolicies policies, AgentPaths paths) {
    this.policies = policies;
    this.paths = paths;
  }

  /** Why no command can be held to them. */
  Optional<String> fault(Whose whose, String tool) {
    return isHeld(tool) && now(whose).areTooMany() ? Optional.of(TOO_MANY) : Optional.empty();
  }

  /**
   * Before a command is let go.
   *
   * @return why it cannot be
   */
  Optional<String> enact(Whose whose, String tool) throws IOException {
    if (!isHeld(tool)) {
      return Optional.empty();
    }
    CommandRules now = now(whose);
    if (now.areTooMany()) {
      return Optional.of(TOO_MANY);
    }
    paths.session().rule(now.text());
    return Optional.empty();
  }

  private boolean isHeld(String tool) {
    return tool.equals("Bash") && paths.view().shellPrefix().isPresent();
  }

  private CommandRules now(Whose whose) {
    return CommandRules.of(policies.pathsClosedTo(whose), paths.view());
  }
}
