package io.agentledger.command.claude.sandbox;

import java.io.IOException;

/** The sandbox level that {@code AGENTLEDGER_SANDBOX} requires is not available on this machine. */
public final class SandboxUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String action;

  /**
   * Creates the exception.
   *
   * @param action what the operator can do, a sentence
   */
  SandboxUnavailableException(String message, String action) {
    super(message);
    this.action = action;
  }

  /** Returns what the operator can do, a sentence. */
  String action() {
    return action;
  }
}
