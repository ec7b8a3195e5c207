package io.agentledger.command.claude.snapshot;

import java.io.IOException;

/** A tree holds more than is kept of one. */
public final class TooLarge extends IOException {
  private static final long serialVersionUID = 1L;

  TooLarge(String message) {
    super(message);
  }
}
