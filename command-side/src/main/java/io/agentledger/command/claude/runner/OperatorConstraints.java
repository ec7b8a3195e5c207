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
 * @param networkViolation why an environment may not have network access, as the egress proxy
 *     explains it
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
        : Optional.of("is not permitted by the operator");
  }

  @Override
  public Optional<String> violation(Mount mount) {
    HostDirectoryResolver.GrantedDirectory folder =
        grantedDirectories.directories().get(mount.source());
    if (folder == null) {
      return Optional.of("is not of a directory that the operator has granted");
    }
    return mount.writable() && !folder.writable()
        ? Optional.of("is permitted by the operator only as read-only")
        : Optional.empty();
  }
}
