package io.agentledger.command.claude;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.command.claude.box.SandboxSettings;
import java.util.Optional;

/** What the settings of this installation let environments have. */
record OperatorsBounds(SandboxSettings most, Passing passing) implements BoxBounds {
  @Override
  public Limits limits() {
    return new Limits(most.memoryMib(), most.processes(), 0);
  }

  @Override
  public Optional<String> whyNot(Network network) {
    return network instanceof Network.Closed
        ? Optional.empty()
        : Optional.of("must be closed: sessions have no way out on this installation");
  }

  @Override
  public Optional<String> whyNot(String variable) {
    return passing.permits(variable)
        ? Optional.empty()
        : Optional.of("is not one that the operator lets pass");
  }

  @Override
  public Optional<String> whyNot(Mount mount) {
    return Optional.of("is of no folder that the operator lets sessions see");
  }
}
