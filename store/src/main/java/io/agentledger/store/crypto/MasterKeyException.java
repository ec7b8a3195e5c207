package io.agentledger.store.crypto;

/** Without the right master key nothing sealed can be read, so the service does not start. */
public final class MasterKeyException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MasterKeyException(String message) {
    super(message);
  }

  MasterKeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
