package io.agentledger.command.model.rehearsal;

import java.util.List;

/** Thrown for invalid scenarios; the message contains file, line, field and rule of each error. */
public final class InvalidScenarioException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidScenarioException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
