package io.agentledger.command.claude.snapshot;

import java.io.IOException;

/** A tree holds more than is kept of one. */
public final class TreeTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  TreeTooLargeException(String message) {
    super(message);
  }
}
