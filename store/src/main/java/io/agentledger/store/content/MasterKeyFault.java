package io.agentledger.store.content;

/** Without the right master key nothing sealed can be read, so the service does not start. */
public final class MasterKeyFault extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MasterKeyFault(String message) {
    super(message);
  }

  MasterKeyFault(String message, Throwable cause) {
    super(message, cause);
  }
}
