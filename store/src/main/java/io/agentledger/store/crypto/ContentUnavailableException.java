package io.agentledger.store.crypto;

/** Sealed content that cannot be opened. */
public final class ContentUnavailableException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** Its key does not exist (any more): it was erased. */
    ERASED,
    /** Its bytes are missing in the content store. */
    LOST,
    /** Its bytes or its place are not those that were sealed, or the key is not. */
    TAMPERED
  }

  private final Reason reason;

  ContentUnavailableException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ContentUnavailableException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
