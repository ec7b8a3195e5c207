package io.agentledger.store;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** Thrown when a disk of the service is full. */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  DiskFullException(IOException cause) {
    super("The disk of the service is full: " + reason(cause) + ".", cause);
  }

  private static String reason(IOException cause) {
    return cause instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : String.valueOf(cause.getMessage());
  }
}
