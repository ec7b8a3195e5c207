package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.launch.InitMessageValidator;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.store.DiskFullException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Why a process cannot go on. */
record ProcessFault(Failure failure, boolean retryable, String error) {
  static Optional<ProcessFault> cliFault(String error) {
    return Optional.of(new ProcessFault(Failure.CLI, true, error));
  }

  /** Returns the message of an unexpected error, without the name of a Java class. */
  static String messageOf(Exception fault) {
    Throwable cause = fault instanceof UncheckedIOException ? fault.getCause() : fault;
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  /** Another attempt may find room. */
  static ProcessFault diskFull(DiskFullException full) {
    return new ProcessFault(Failure.DISK_FULL, true, String.valueOf(full.getMessage()));
  }

  /** What is wrong with the CLI as it says it is. */
  static Optional<ProcessFault> findSetupFault(ClaudeMessage.Initialized init, LaunchSpec spec) {
    return InitMessageValidator.findUnlistedTools(init, spec)
        .map(error -> new ProcessFault(Failure.UNLISTED_TOOLS, false, error))
        .or(
            () ->
                InitMessageValidator.findMissingSchemaTool(init, spec)
                    .map(error -> new ProcessFault(Failure.OUTPUT, false, error)))
        .or(
            () ->
                InitMessageValidator.findMissingSetup(init, spec)
                    .map(error -> new ProcessFault(Failure.SETUP, false, error)));
  }

  /** An output style that the CLI does not know it takes without a word. */
  static Optional<ProcessFault> findSetupFault(
      ClaudeMessage.ControlResponse response, LaunchSpec spec) {
    String style = spec.options().outputStyle();
    return response.outputStyles().isEmpty() || response.outputStyles().contains(style)
        ? Optional.empty()
        : Optional.of(new ProcessFault(Failure.SETUP, false, "there is no output style " + style));
  }
}
