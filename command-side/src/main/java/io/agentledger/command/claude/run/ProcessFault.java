package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.command.claude.launch.InitMessageValidator;
import io.agentledger.command.claude.launch.LaunchSpec;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import java.util.Optional;

/** Why a process cannot go on. */
record ProcessFault(Failure failure, boolean retryable, String error) {
  static Optional<ProcessFault> ofCli(String error) {
    return Optional.of(new ProcessFault(Failure.CLI, true, error));
  }

  /** What is wrong with the CLI as it says it is. */
  static Optional<ProcessFault> ofSetup(ClaudeMessage.Initialized said, LaunchSpec spec) {
    return InitMessageValidator.unlisted(said, spec)
        .map(what -> new ProcessFault(Failure.UNLISTED_TOOLS, false, what))
        .or(
            () ->
                InitMessageValidator.shapeless(said, spec)
                    .map(what -> new ProcessFault(Failure.OUTPUT, false, what)))
        .or(
            () ->
                InitMessageValidator.missing(said, spec)
                    .map(what -> new ProcessFault(Failure.SETUP, false, what)));
  }

  /** An output style that the CLI does not know it takes without a word. */
  static Optional<ProcessFault> ofSetup(ClaudeMessage.ControlResponse said, LaunchSpec spec) {
    String style = spec.setup().outputStyle();
    return said.outputStyles().isEmpty() || said.outputStyles().contains(style)
        ? Optional.empty()
        : Optional.of(new ProcessFault(Failure.SETUP, false, "there is no output style " + style));
  }
}
