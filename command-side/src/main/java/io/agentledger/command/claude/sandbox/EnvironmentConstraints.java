package io.agentledger.command.claude.sandbox;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import java.util.Optional;

/**
 * Operator's constraints on sandboxes of environments. An answer is the end of a sentence that says
 * why something is not available; empty means that it is.
 */
public interface EnvironmentConstraints {
  /** What any session may take at most; 0 is no limit of the operator's. */
  Limits limits();

  Optional<String> violation(Network network);

  /** Of a variable of the service's. */
  Optional<String> violation(String variable);

  Optional<String> violation(Mount mount);

  /** Where no boxes are there is nothing to ask of them. */
  EnvironmentConstraints NONE =
      new EnvironmentConstraints() {
        private static final String NO_BOXES = "is not to be had where no agents run";

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
