package io.agentledger.command.workspace.archive;

import java.io.IOException;

/** An archive that is not what it says: the sender's fault, not the disk's. */
final class BrokenArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  BrokenArchiveException(String message) {
    super(message);
  }

  BrokenArchiveException(Throwable cause) {
    super(cause);
  }
}
