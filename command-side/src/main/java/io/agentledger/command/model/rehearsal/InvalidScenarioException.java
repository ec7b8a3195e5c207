package io.agentledger.command.model.rehearsal;

import java.util.List;

/** Scenarios that cannot be played; the message names file, line, field and rule of each fault. */
public final class InvalidScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidScenarioException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
