package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunEvent.Failure;
import java.util.Optional;

/** Why a process cannot go on. */
record Fault(Failure failure, boolean retryable, String error) {
  static Optional<Fault> ofCli(String error) {
    return Optional.of(new Fault(Failure.CLI, true, error));
  }
}
