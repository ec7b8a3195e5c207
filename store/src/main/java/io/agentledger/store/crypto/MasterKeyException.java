package io.agentledger.store.crypto;

/**
 * Thrown when the right master key is missing. Without it no sealed content can be read, so the
 * service does not start.
 */
public final class MasterKeyException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MasterKeyException(String message) {
    super(message);
  }

  MasterKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
