package io.agentledger.command.claude.control;

import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.ShellPathRestrictions;
import java.io.IOException;
import java.util.Optional;

/**
 * Has what rules close to shell commands closed in their boxes, from the next command on. Where
 * there are no boxes it does nothing.
 */
public final class ShellRestrictionEnforcer {
  private static final String TOO_MANY =
      "the policies' rules close more than "
          + ShellPathRestrictions.PATHS_MAX
          + " places to shell commands, the folders that lead to them included, or such whose names"
          + " have more than "
          + ShellPathRestrictions.NAME_BYTES_MAX
          + " bytes together";

  private final PathPolicies policies;
  private final AgentPathResolver paths;

  public ShellRestrictionEnforcer(PathPolicies policies, AgentPathResolver paths) {
    this.policies = policies;
    this.paths = paths;
  }

  /** Why no command can be held to them. */
  public Optional<String> violation(Subject subject, String tool) {
    return isRestricted(tool) && currentRestrictions(subject).exceedsLimit()
        ? Optional.of(TOO_MANY)
        : Optional.empty();
  }

  /**
   * Before a command is let go.
   *
   * @return why it cannot be
   */
  public Optional<String> enforce(Subject subject, String tool) throws IOException {
    if (!isRestricted(tool)) {
      return Optional.empty();
    }
    ShellPathRestrictions restrictions = currentRestrictions(subject);
    if (restrictions.exceedsLimit()) {
      return Optional.of(TOO_MANY);
    }
    paths.sessionPaths().writeRules(restrictions.toText());
    return Optional.empty();
  }

  private boolean isRestricted(String tool) {
    return tool.equals("Bash") && paths.sandboxPaths().shellPrefix().isPresent();
  }

  private ShellPathRestrictions currentRestrictions(Subject subject) {
    return ShellPathRestrictions.create(policies.deniedPaths(subject), paths.sandboxPaths());
  }
}
