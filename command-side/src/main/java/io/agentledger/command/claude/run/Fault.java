package io.agentledger.command.claude.run;

import io.agentledger.api.session.RunEvent.Failure;
import io.agentledger.command.claude.process.LaunchSpec;
import io.agentledger.command.claude.process.Tools;
import io.agentledger.command.claude.protocol.ClaudeMessage;
import java.util.Optional;

/** Why a process cannot go on. */
record Fault(Failure failure, boolean retryable, String error) {
  static Optional<Fault> ofCli(String error) {
    return Optional.of(new Fault(Failure.CLI, true, error));
  }

  /** What is wrong with the CLI as it says it is. */
  static Optional<Fault> ofSetup(ClaudeMessage.Initialized said, LaunchSpec spec) {
    return Tools.unlisted(said, spec)
        .map(what -> new Fault(Failure.UNLISTED_TOOLS, false, what))
        .or(() -> Tools.shapeless(said, spec).map(what -> new Fault(Failure.OUTPUT, false, what)))
        .or(() -> Tools.missing(said, spec).map(what -> new Fault(Failure.SETUP, false, what)));
  }

  /** An output style that the CLI does not know it takes without a word. */
  static Optional<Fault> ofSetup(ClaudeMessage.ControlReplied said, LaunchSpec spec) {
    String style = spec.setup().outputStyle();
    return said.outputStyles().isEmpty() || said.outputStyles().contains(style)
        ? Optional.empty()
        : Optional.of(new Fault(Failure.SETUP, false, "there is no output style " + style));
  }
}
