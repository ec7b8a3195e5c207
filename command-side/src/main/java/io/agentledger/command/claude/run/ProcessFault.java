package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.launch.InitMessageValidator;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import io.agentledger.store.DiskFullException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reason why a process cannot continue. */
record ProcessFault(Failure failure, boolean retryable, String error) {
  static Optional<ProcessFault> cliFault(String error) {
    return Optional.of(new ProcessFault(Failure.CLI, true, error));
  }

  /** Returns the message of an unexpected error, without the name of a Java class. */
  static String messageOf(Throwable fault) {
    Throwable cause = fault instanceof UncheckedIOException ? fault.getCause() : fault;
    if (cause instanceof StackOverflowError) return "a text is nested too deeply to be read";
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  /** Creates the fault of a full disk. Retryable, because space may be freed. */
  static ProcessFault diskFull(DiskFullException full) {
    return new ProcessFault(Failure.DISK_FULL, true, String.valueOf(full.getMessage()));
  }

  /** Checks the CLI's description of itself against the specification. */
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

  /** Checks the output style: the CLI accepts an unknown one without an error. */
  static Optional<ProcessFault> findSetupFault(
      ClaudeMessage.ControlResponse response, LaunchSpec spec) {
    String style = spec.options().outputStyle();
    return response.outputStyles().isEmpty() || response.outputStyles().contains(style)
        ? Optional.empty()
        : Optional.of(new ProcessFault(Failure.SETUP, false, "there is no output style " + style));
  }
}
