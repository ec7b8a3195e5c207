package io.agentledger.command.claude.runner;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import io.agentledger.command.claude.host.HostDirectorySettings;
import io.agentledger.command.claude.sandbox.EnvironmentConstraints;
import io.agentledger.command.claude.sandbox.SandboxSettings;
import java.util.Optional;
import java.util.function.Function;

/**
 * Constraints on environments from the settings of this installation.
 *
 * @param networkViolation why one cannot be had, in the words of the way out
 */
record OperatorConstraints(
    SandboxSettings settings,
    VariablePassthrough variablePassthrough,
    HostDirectorySettings grantedDirectories,
    Function<Network, Optional<String>> networkViolation)
    implements EnvironmentConstraints {
  @Override
  public Limits limits() {
    return new Limits(settings.memoryMib(), settings.processes(), 0);
  }

  @Override
  public Optional<String> violation(Network network) {
    return networkViolation.apply(network);
  }

  @Override
  public Optional<String> violation(String variable) {
    return variablePassthrough.permits(variable)
        ? Optional.empty()
        : Optional.of("is not one that the operator lets pass");
  }

  @Override
  public Optional<String> violation(Mount mount) {
    HostDirectoryResolver.GrantedDirectory folder =
        grantedDirectories.directories().get(mount.source());
    if (folder == null) {
      return Optional.of("is of no folder that the operator lets sessions see");
    }
    return mount.writable() && !folder.writable()
        ? Optional.of("is of a folder that the operator lets sessions read only")
        : Optional.empty();
  }
}
