package io.agentledger.command.claude.control;

import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.claude.sandbox.AgentPathResolver;
import io.agentledger.command.claude.sandbox.ShellPathRestrictions;
import java.io.IOException;
import java.util.Optional;

/**
 * Enforces the path rules of policies in the sandboxes of shell commands, from the next command on.
 * Does nothing without a sandbox.
 */
public final class ShellRestrictionEnforcer {
  private static final String TOO_MANY =
      "the rules of the policies deny more than "
          + ShellPathRestrictions.PATHS_MAX
          + " paths to shell commands, including their parent directories, or paths with more than "
          + ShellPathRestrictions.NAME_BYTES_MAX
          + " bytes in total";

  private final PathPolicies policies;
  private final AgentPathResolver paths;

  public ShellRestrictionEnforcer(PathPolicies policies, AgentPathResolver paths) {
    this.policies = policies;
    this.paths = paths;
  }

  /**
   * Returns why shell commands cannot be restricted by the rules; empty if they can, or if the tool
   * is not restricted.
   */
  public Optional<String> violation(Subject subject, String tool) {
    return isRestricted(tool) && currentRestrictions(subject).exceedsLimit()
        ? Optional.of(TOO_MANY)
        : Optional.empty();
  }

  /**
   * Updates the restrictions before a command is allowed.
   *
   * @return the reason if they cannot be enforced
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
