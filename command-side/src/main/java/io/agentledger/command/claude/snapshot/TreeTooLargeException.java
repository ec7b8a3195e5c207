package io.agentledger.command.claude.snapshot;

import java.io.IOException;

/** Thrown if a tree exceeds the limits of a snapshot. */
public final class TreeTooLargeException extends IOException {
  private static final long serialVersionUID = 1L;

  TreeTooLargeException(String message) {
    super(message);
  }
}
