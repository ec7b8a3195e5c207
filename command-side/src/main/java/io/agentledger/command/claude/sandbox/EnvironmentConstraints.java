package io.agentledger.command.claude.sandbox;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import java.util.Optional;

/**
 * Operator's constraints on the sandboxes of environments. Each violation is the end of a sentence
 * that says why something is not available; empty means that it is available.
 */
public interface EnvironmentConstraints {
  /**
   * Returns the highest limits that a session may have; 0 means that the operator sets no limit.
   */
  Limits limits();

  Optional<String> violation(Network network);

  /** Returns why a variable of the service may not be passed to sessions. */
  Optional<String> violation(String variable);

  Optional<String> violation(Mount mount);

  /** Constraints of a node without sandboxes: nothing is available. */
  EnvironmentConstraints NONE =
      new EnvironmentConstraints() {
        private static final String NO_BOXES = "is not available on a node that runs no agents";

        @Override
        public Limits limits() {
          return new Limits(0, 0, 0);
        }

        @Override
        public Optional<String> violation(Network network) {
          return network instanceof Network.Closed ? Optional.empty() : Optional.of(NO_BOXES);
        }

        @Override
        public Optional<String> violation(String variable) {
          return Optional.of(NO_BOXES);
        }

        @Override
        public Optional<String> violation(Mount mount) {
          return Optional.of(NO_BOXES);
        }
      };
}
