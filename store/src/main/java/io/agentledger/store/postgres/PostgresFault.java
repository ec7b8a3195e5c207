package io.agentledger.store.postgres;

/** The embedded server cannot be used; the message says why and what to do. */
public final class PostgresFault extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  PostgresFault(String message) {
    super(message);
  }

  PostgresFault(String message, Throwable cause) {
    super(message, cause);
  }
}
