package io.agentledger.store.postgres;

/** The embedded server cannot be used; the message says why and what to do. */
public final class PostgresException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  PostgresException(String message) {
    super(message);
  }

  PostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}
