package io.agentledger.store.postgres;

/** Thrown when the embedded server cannot be used; the message states the reason and the remedy. */
public final class PostgresException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  PostgresException(String message) {
    super(message);
  }

  PostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
