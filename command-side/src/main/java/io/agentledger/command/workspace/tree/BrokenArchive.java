package io.agentledger.command.workspace.tree;

import java.io.IOException;

/** An archive that is not what it says: the sender's fault, not the disk's. */
final class BrokenArchive extends IOException {
  private static final long serialVersionUID = 1L;

  BrokenArchive(String message) {
    super(message);
  }

  BrokenArchive(Throwable cause) {
    super(cause);
  }
}
