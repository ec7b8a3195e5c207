package io.agentledger.command.workspace.archive;

import java.io.IOException;

/** Thrown for an invalid archive, as opposed to a failure of the disk. */
final class BrokenArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  BrokenArchiveException(String message) {
    super(message);
  }

  BrokenArchiveException(Throwable cause) {
    super(cause);
  }
}
