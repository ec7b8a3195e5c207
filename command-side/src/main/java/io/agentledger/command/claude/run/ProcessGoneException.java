package io.agentledger.command.claude.run;

import java.io.IOException;

/** The process ended before the attempt; the record shows its progress. */
public final class ProcessGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ProcessGoneException() {
    super("the process has ended");
  }
}
